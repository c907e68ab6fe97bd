-- Texts of the Users app: users, groups, roles, permissions, resources, access to apps.
-- One line a key: key, Hungarian, English, so that a key cannot exist in one language only.
-- Keyed on (locale, namespace, key). {name} marks a value put in when the text is shown.

INSERT INTO platform.translations (locale, namespace, key, value)
SELECT t.locale, 'users', s.key, t.value
FROM (
    VALUES
        -- the window and its navigation
        ('title', 'Felhasználók', 'Users'),
        ('menu.users', 'Felhasználók', 'Users'),
        ('menu.groups', 'Csoportok', 'Groups'),
        ('menu.roles', 'Szerepkörök', 'Roles'),
        ('menu.permissions', 'Jogosultságok', 'Permissions'),
        ('menu.resources', 'Erőforrások', 'Resources'),

        -- the list of users
        ('list.search', 'Keresés név, e-mail-cím vagy felhasználónév alapján', 'Search by name, email address or username'),
        ('list.new', 'Új felhasználó', 'New user'),
        ('list.empty', 'Nincs a keresésnek megfelelő felhasználó.', 'No user matches your search.'),
        ('list.total', 'Felhasználók száma: {count}', 'Number of users: {count}'),
        ('list.filterAll', 'Mindenki', 'Everyone'),
        ('list.filterActive', 'Csak az aktívak', 'Active only'),
        ('list.filterInactive', 'Csak a letiltottak', 'Disabled only'),
        ('list.filterDeleted', 'Törölt felhasználók', 'Deleted users'),

        -- fields of a user
        ('fields.fullName', 'Teljes név', 'Full name'),
        ('fields.email', 'E-mail-cím', 'Email address'),
        ('fields.username', 'Felhasználónév', 'Username'),
        ('fields.image', 'Profilkép', 'Profile picture'),
        ('fields.emailVerified', 'Megerősített e-mail-cím', 'Email address verified'),
        ('fields.twoFactor', 'Kétlépcsős azonosítás', 'Two-factor authentication'),
        ('fields.isActive', 'Bejelentkezhet', 'May sign in'),
        ('fields.provider', 'Bejelentkezés módja', 'Sign-in method'),
        ('fields.lastLogin', 'Utolsó bejelentkezés', 'Last sign-in'),
        ('fields.createdAt', 'Regisztrált', 'Registered'),

        -- one user
        ('details.title', 'Felhasználó adatai', 'User details'),
        ('details.general', 'Általános', 'General'),
        ('details.access', 'Hozzáférés', 'Access'),
        ('details.activity', 'Tevékenység', 'Activity'),
        ('details.effectivePermissions', 'Tényleges jogosultságok', 'Effective permissions'),
        ('details.permissionFromRole', 'Szerepkör alapján: {name}', 'From the role {name}'),
        ('details.permissionFromGroup', 'Csoport alapján: {name}', 'From the group {name}'),

        -- what can be done with a user
        ('actions.create', 'Felhasználó létrehozása', 'Create user'),
        ('actions.edit', 'Felhasználó szerkesztése', 'Edit user'),
        ('actions.activate', 'Engedélyezés', 'Enable'),
        ('actions.deactivate', 'Letiltás', 'Disable'),
        ('actions.delete', 'Felhasználó törlése', 'Delete user'),
        ('actions.restore', 'Visszaállítás', 'Restore'),
        ('actions.deletePermanently', 'Végleges törlés', 'Delete permanently'),
        ('actions.sendPasswordReset', 'Jelszó-visszaállító levél küldése', 'Send password reset email'),
        ('actions.signOutEverywhere', 'Kijelentkeztetés minden eszközről', 'Sign out on every device'),

        -- confirmations
        ('confirm.deactivate', 'Letiltod ezt a felhasználót: {name}? A bejelentkezéseit is megszakítjuk.', 'Disable this user: {name}? Their sessions will be ended too.'),
        ('confirm.delete', 'Törlöd ezt a felhasználót: {name}? Később visszaállíthatod.', 'Delete this user: {name}? You can restore them later.'),
        ('confirm.deletePermanently', 'Véglegesen törlöd ezt a felhasználót: {name}? Ez nem vonható vissza.', 'Permanently delete this user: {name}? This cannot be undone.'),

        -- results
        ('messages.created', 'A felhasználó létrejött: {name}', 'User created: {name}'),
        ('messages.updated', 'A felhasználó adatai frissültek.', 'The user has been updated.'),
        ('messages.activated', 'A felhasználó újra bejelentkezhet.', 'The user may sign in again.'),
        ('messages.deactivated', 'A felhasználót letiltottad.', 'The user has been disabled.'),
        ('messages.deleted', 'A felhasználót törölted.', 'The user has been deleted.'),
        ('messages.restored', 'A felhasználót visszaállítottad.', 'The user has been restored.'),
        ('messages.resetSent', 'A jelszó-visszaállító levelet elküldtük.', 'The password reset email has been sent.'),

        -- rules
        ('errors.emailTaken', 'Ezt az e-mail-címet már használja valaki.', 'Someone already uses this email address.'),
        ('errors.usernameTaken', 'Ez a felhasználónév már foglalt.', 'This username is already taken.'),
        ('errors.self', 'A saját fiókodat itt nem tilthatod le és nem törölheted.', 'You cannot disable or delete your own account here.'),
        ('errors.lastAdmin', 'Legalább egy rendszergazdának maradnia kell.', 'At least one system administrator must remain.'),

        -- groups
        ('groups.new', 'Új csoport', 'New group'),
        ('groups.edit', 'Csoport szerkesztése', 'Edit group'),
        ('groups.members', 'Tagok', 'Members'),
        ('groups.memberCount', '{count} tag', 'Members: {count}'),
        ('groups.addMember', 'Tag hozzáadása', 'Add member'),
        ('groups.removeMember', 'Tag eltávolítása', 'Remove member'),
        ('groups.confirmDelete', 'Törlöd ezt a csoportot: {name}? A tagjai megmaradnak, de elveszítik a csoporttól kapott jogosultságokat.', 'Delete this group: {name}? Its members stay, but lose the permissions they had from it.'),
        ('groups.empty', 'Ennek a csoportnak még nincs tagja.', 'This group has no members yet.'),

        -- roles
        ('roles.new', 'Új szerepkör', 'New role'),
        ('roles.edit', 'Szerepkör szerkesztése', 'Edit role'),
        ('roles.assign', 'Szerepkör hozzárendelése', 'Assign role'),
        ('roles.unassign', 'Szerepkör elvétele', 'Remove role'),
        ('roles.holders', 'Akik ezt a szerepkört kapták', 'Users with this role'),
        ('roles.confirmDelete', 'Törlöd ezt a szerepkört: {name}? Akik ezt kapták, elveszítik a vele járó jogosultságokat.', 'Delete this role: {name}? Those who have it lose its permissions.'),

        -- permissions and resources
        ('permissions.name', 'Jogosultság', 'Permission'),
        ('permissions.resource', 'Erőforrás', 'Resource'),
        ('permissions.assigned', 'Megadott jogosultságok', 'Granted permissions'),
        ('permissions.available', 'Megadható jogosultságok', 'Available permissions'),
        ('permissions.grant', 'Jogosultság megadása', 'Grant permission'),
        ('permissions.revoke', 'Jogosultság visszavonása', 'Revoke permission'),
        ('permissions.saved', 'A jogosultságok frissültek.', 'The permissions have been updated.'),
        ('resources.empty', 'Ehhez az erőforráshoz nem tartozik jogosultság.', 'This resource has no permissions.'),

        -- access to apps
        ('apps.title', 'Elérhető alkalmazások', 'Available apps'),
        ('apps.description', 'A kijelölt alkalmazások jelennek meg a Start menüben.', 'The selected apps appear in the Start menu.'),
        ('apps.public', 'Mindenki számára elérhető', 'Available to everyone'),
        ('apps.saved', 'Az elérhető alkalmazások köre frissült.', 'The available apps have been updated.')
) AS s (key, hu, en)
CROSS JOIN LATERAL (VALUES ('hu', s.hu), ('en', s.en)) AS t (locale, value)
ON CONFLICT (locale, namespace, key) DO UPDATE
    SET value = EXCLUDED.value,
        updated_at = now()
    WHERE translations.value IS DISTINCT FROM EXCLUDED.value;
