-- Texts of the Plugin Manager: installing, updating, configuring and removing plugins.
-- One line a key: key, Hungarian, English, so that a key cannot exist in one language only.
-- Keyed on (locale, namespace, key). {name} marks a value put in when the text is shown.

INSERT INTO platform.translations (locale, namespace, key, value)
SELECT t.locale, 'plugin-manager', s.key, t.value
FROM (
    VALUES
        -- the window and its navigation
        ('title', 'Bővítménykezelő', 'Plugin Manager'),
        ('menu.installed', 'Telepített bővítmények', 'Installed plugins'),
        ('menu.upload', 'Telepítés fájlból', 'Install from file'),
        ('menu.log', 'Bővítménynapló', 'Plugin log'),

        -- the list
        ('list.search', 'Bővítmény keresése', 'Search for a plugin'),
        ('list.empty', 'Még nincs telepített bővítmény.', 'No plugins are installed yet.'),
        ('list.count', 'Telepített bővítmények: {count}', 'Plugins installed: {count}'),
        ('list.updateAvailable', 'Frissítés érhető el: {version}', 'Update available: {version}'),

        -- states
        ('status.active', 'Bekapcsolva', 'Active'),
        ('status.inactive', 'Kikapcsolva', 'Inactive'),
        ('status.installing', 'Telepítés folyamatban', 'Installing'),
        ('status.updating', 'Frissítés folyamatban', 'Updating'),
        ('status.error', 'Hibás', 'Faulty'),

        -- fields
        ('fields.id', 'Azonosító', 'Identifier'),
        ('fields.version', 'Verzió', 'Version'),
        ('fields.author', 'Készítő', 'Author'),
        ('fields.description', 'Leírás', 'Description'),
        ('fields.size', 'Méret', 'Size'),
        ('fields.installedAt', 'Telepítve', 'Installed'),
        ('fields.updatedAt', 'Frissítve', 'Updated'),
        ('fields.minVersion', 'Szükséges rendszerverzió', 'System version needed'),
        ('fields.dependencies', 'Függőségek', 'Dependencies'),
        ('fields.noDependencies', 'Nincs függősége.', 'No dependencies.'),

        -- installing from a file
        ('upload.title', 'Bővítmény telepítése', 'Install a plugin'),
        ('upload.dropHere', 'Húzd ide a bővítménycsomagot, vagy tallózd be.', 'Drop the plugin package here, or browse for it.'),
        ('upload.checking', 'A csomag ellenőrzése…', 'Checking the package…'),
        ('upload.checkPassed', 'A csomag rendben van.', 'The package is in order.'),
        ('upload.review', 'Nézd át, mihez kér hozzáférést a bővítmény.', 'Review what the plugin asks access to.'),
        ('upload.trustWarning', 'Csak megbízható forrásból származó bővítményt telepíts.', 'Only install plugins from a source you trust.'),
        ('upload.progress', 'Telepítés: {percent}%', 'Installing: {percent}%'),

        -- what can be done with a plugin
        ('actions.install', 'Telepítés', 'Install'),
        ('actions.uninstall', 'Eltávolítás', 'Uninstall'),
        ('actions.update', 'Frissítés', 'Update'),
        ('actions.enable', 'Bekapcsolás', 'Turn on'),
        ('actions.disable', 'Kikapcsolás', 'Turn off'),
        ('actions.open', 'Megnyitás', 'Open'),
        ('confirm.uninstall', 'Eltávolítod ezt a bővítményt: {name}?', 'Uninstall this plugin: {name}?'),
        ('confirm.deleteData', 'A bővítmény adatainak törlése is', 'Delete the plugin’s data too'),
        ('confirm.disable', 'Kikapcsolod ezt a bővítményt: {name}? A nyitott ablakai bezárulnak.', 'Turn off this plugin: {name}? Its open windows will close.'),

        -- results
        ('messages.installed', 'A bővítmény települt: {name} {version}', 'Plugin installed: {name} {version}'),
        ('messages.uninstalled', 'A bővítményt eltávolítottad: {name}', 'Plugin uninstalled: {name}'),
        ('messages.updated', 'A bővítmény frissült: {name} {version}', 'Plugin updated: {name} {version}'),
        ('messages.enabled', 'A bővítmény bekapcsolva: {name}', 'Plugin turned on: {name}'),
        ('messages.disabled', 'A bővítmény kikapcsolva: {name}', 'Plugin turned off: {name}'),

        -- what a plugin may ask for
        ('permissions.title', 'A bővítmény jogosultságai', 'Plugin permissions'),
        ('permissions.none', 'A bővítmény nem kér külön jogosultságot.', 'The plugin asks for no special permission.'),
        ('permissions.database', 'Saját adatok tárolása az adatbázisban', 'Store its own data in the database'),
        ('permissions.network', 'Adatcsere külső kiszolgálókkal', 'Exchange data with other servers'),
        ('permissions.notifications', 'Értesítések küldése', 'Send notifications'),
        ('permissions.users', 'Felhasználók nevének olvasása', 'Read the names of users'),
        ('permissions.access', 'Kik használhatják', 'Who may use it'),

        -- why it did not work
        ('errors.invalidPackage', 'Ez a fájl nem érvényes bővítménycsomag.', 'This file is not a valid plugin package.'),
        ('errors.invalidManifest', 'A bővítmény leírófájlja hibás: {reason}', 'The plugin’s manifest is faulty: {reason}'),
        ('errors.alreadyInstalled', 'Ez a bővítmény már telepítve van, verziója: {version}.', 'This plugin is already installed, in version {version}.'),
        ('errors.incompatible', 'A bővítményhez legalább ez a rendszerverzió szükséges: {version}.', 'The plugin needs system version {version} or later.'),
        ('errors.missingDependency', 'Hiányzó függőség: {name}', 'Missing dependency: {name}'),
        ('errors.requiredByOther', 'Ez a bővítmény nem távolítható el, mert egy másiknak szüksége van rá: {name}.', 'This plugin cannot be uninstalled because another one needs it: {name}.'),
        ('errors.startFailed', 'A bővítmény nem indult el.', 'The plugin did not start.')
) AS s (key, hu, en)
CROSS JOIN LATERAL (VALUES ('hu', s.hu), ('en', s.en)) AS t (locale, value)
ON CONFLICT (locale, namespace, key) DO UPDATE
    SET value = EXCLUDED.value,
        updated_at = now()
    WHERE translations.value IS DISTINCT FROM EXCLUDED.value;
