-- Texts of the Settings app: profile, security, appearance, desktop, language, privacy, system.
-- One line a key: key, Hungarian, English, so that a key cannot exist in one language only.
-- Keyed on (locale, namespace, key). {name} marks a value put in when the text is shown.

INSERT INTO platform.translations (locale, namespace, key, value)
SELECT t.locale, 'settings', s.key, t.value
FROM (
    VALUES
        -- the window and its navigation
        ('title', 'Beállítások', 'Settings'),
        ('search', 'Keresés a beállítások között', 'Search settings'),
        ('menu.profile', 'Profil', 'Profile'),
        ('menu.security', 'Biztonság', 'Security'),
        ('menu.appearance', 'Megjelenés', 'Appearance'),
        ('menu.desktop', 'Asztal', 'Desktop'),
        ('menu.language', 'Nyelv és terület', 'Language and region'),
        ('menu.notifications', 'Értesítések', 'Notifications'),
        ('menu.privacy', 'Adatvédelem', 'Privacy'),
        ('menu.system', 'Rendszer', 'System'),
        ('menu.about', 'Névjegy', 'About'),

        -- profile
        ('profile.title', 'Saját profil', 'Your profile'),
        ('profile.description', 'Ezeket az adatokat a többi felhasználó is láthatja.', 'Other users can see this information.'),
        ('profile.fullName', 'Teljes név', 'Full name'),
        ('profile.username', 'Felhasználónév', 'Username'),
        ('profile.usernameTaken', 'Ez a felhasználónév már foglalt.', 'This username is already taken.'),
        ('profile.email', 'E-mail-cím', 'Email address'),
        ('profile.emailUnverified', 'Ezt a címet még nem erősítetted meg.', 'You have not verified this address yet.'),
        ('profile.resendVerification', 'Megerősítő levél újraküldése', 'Resend verification email'),
        ('profile.picture.title', 'Profilkép', 'Profile picture'),
        ('profile.picture.upload', 'Új kép feltöltése', 'Upload a new picture'),
        ('profile.picture.remove', 'Kép eltávolítása', 'Remove picture'),
        ('profile.picture.hint', 'JPG, PNG vagy WebP, legfeljebb {max}.', 'JPG, PNG or WebP, up to {max}.'),
        ('profile.saved', 'A profilod frissült.', 'Your profile has been updated.'),

        -- security: password
        ('security.password.title', 'Jelszó', 'Password'),
        ('security.password.lastChanged', 'Utolsó módosítás: {date}', 'Last changed: {date}'),
        ('security.password.change', 'Jelszó módosítása', 'Change password'),
        ('security.password.current', 'Jelenlegi jelszó', 'Current password'),
        ('security.password.new', 'Új jelszó', 'New password'),
        ('security.password.confirm', 'Új jelszó még egyszer', 'Confirm new password'),
        ('security.password.wrong', 'A jelenlegi jelszó nem megfelelő.', 'The current password is not correct.'),
        ('security.password.changed', 'A jelszavad megváltozott.', 'Your password has been changed.'),

        -- security: two-factor authentication
        ('security.twoFactor.title', 'Kétlépcsős azonosítás', 'Two-factor authentication'),
        ('security.twoFactor.description', 'Bejelentkezéskor a jelszavad mellett egy egyszer használatos kódot is kérünk.', 'When you sign in, you are asked for a one-time code as well as your password.'),
        ('security.twoFactor.enable', 'Kétlépcsős azonosítás bekapcsolása', 'Turn on two-factor authentication'),
        ('security.twoFactor.disable', 'Kétlépcsős azonosítás kikapcsolása', 'Turn off two-factor authentication'),
        ('security.twoFactor.scan', 'Olvasd be ezt a QR-kódot a hitelesítő alkalmazásoddal.', 'Scan this QR code with your authenticator app.'),
        ('security.twoFactor.manualKey', 'Ha nem tudod beolvasni, írd be ezt a kulcsot:', 'If you cannot scan it, enter this key:'),
        ('security.twoFactor.enterCode', 'Az alkalmazásban látható hatjegyű kód', 'The six-digit code shown in the app'),
        ('security.twoFactor.enabled', 'A kétlépcsős azonosítás be van kapcsolva.', 'Two-factor authentication is on.'),
        ('security.twoFactor.disabled', 'A kétlépcsős azonosítás ki van kapcsolva.', 'Two-factor authentication is off.'),
        ('security.backupCodes.title', 'Tartalék kódok', 'Backup codes'),
        ('security.backupCodes.description', 'Őrizd meg biztonságos helyen. Mindegyik kód egyszer használható fel, ha nem fér hozzá az eszközödhöz az alkalmazás.', 'Keep them somewhere safe. Each code works once, for when you cannot use your authenticator app.'),
        ('security.backupCodes.regenerate', 'Új kódok létrehozása', 'Create new codes'),
        ('security.backupCodes.regenerateWarning', 'A korábbi tartalék kódjaid érvénytelenné válnak.', 'Your earlier backup codes will stop working.'),

        -- security: sessions and linked accounts
        ('security.sessions.title', 'Bejelentkezett eszközök', 'Signed-in devices'),
        ('security.sessions.current', 'Ez az eszköz', 'This device'),
        ('security.sessions.lastActive', 'Utoljára használva: {date}', 'Last active: {date}'),
        ('security.sessions.revoke', 'Kijelentkeztetés', 'Sign out'),
        ('security.sessions.revokeOthers', 'Kijelentkezés az összes többi eszközről', 'Sign out of all other devices'),
        ('security.accounts.title', 'Összekapcsolt fiókok', 'Linked accounts'),
        ('security.accounts.link', 'Összekapcsolás: {provider}', 'Link {provider}'),
        ('security.accounts.unlink', 'Leválasztás: {provider}', 'Unlink {provider}'),
        ('security.accounts.lastOne', 'Az egyetlen bejelentkezési mód nem választható le.', 'Your only way to sign in cannot be unlinked.'),

        -- appearance
        ('appearance.mode.title', 'Színmód', 'Color mode'),
        ('appearance.mode.light', 'Világos', 'Light'),
        ('appearance.mode.dark', 'Sötét', 'Dark'),
        ('appearance.mode.auto', 'A rendszer szerint', 'Match the system'),
        ('appearance.preset.title', 'Témák', 'Themes'),
        ('appearance.preset.apply', 'Téma alkalmazása', 'Apply theme'),
        ('appearance.preset.applied', 'Az új téma: {name}.', 'The theme is now {name}.'),
        ('appearance.primaryColor', 'Elsődleges szín', 'Primary color'),
        ('appearance.fontSize.title', 'Betűméret', 'Font size'),
        ('appearance.fontSize.small', 'Kicsi', 'Small'),
        ('appearance.fontSize.medium', 'Közepes', 'Medium'),
        ('appearance.fontSize.large', 'Nagy', 'Large'),
        ('appearance.animations', 'Animációk', 'Animations'),
        ('appearance.transparency', 'Áttetsző ablakok', 'Transparent windows'),

        -- desktop and taskbar
        ('desktop.background.title', 'Háttér', 'Background'),
        ('desktop.background.color', 'Egyszínű', 'Solid color'),
        ('desktop.background.image', 'Kép', 'Image'),
        ('desktop.background.video', 'Videó', 'Video'),
        ('desktop.background.blur', 'Elmosás', 'Blur'),
        ('desktop.taskbar.position', 'A tálca helye', 'Taskbar position'),
        ('desktop.taskbar.bottom', 'Alul', 'Bottom'),
        ('desktop.taskbar.top', 'Felül', 'Top'),
        ('desktop.taskbar.left', 'Balra', 'Left'),
        ('desktop.taskbar.right', 'Jobbra', 'Right'),
        ('desktop.taskbar.autoHide', 'A tálca automatikus elrejtése', 'Hide the taskbar automatically'),
        ('desktop.doubleClick', 'Ikonok megnyitása dupla kattintással', 'Open icons with a double click'),

        -- language and region
        ('language.title', 'A felület nyelve', 'Interface language'),
        ('language.dateFormat', 'Dátumformátum', 'Date format'),
        ('language.timeFormat', 'Időformátum', 'Time format'),
        ('language.timezone', 'Időzóna', 'Time zone'),
        ('language.firstDay', 'A hét első napja', 'First day of the week'),

        -- privacy
        ('privacy.onlineStatus', 'Mások láthatják, hogy elérhető vagyok', 'Let others see when I am online'),
        ('privacy.readReceipts', 'Olvasási visszaigazolások küldése', 'Send read receipts'),
        ('privacy.exportData', 'Saját adatok letöltése', 'Download your data'),
        ('privacy.deleteAccount', 'Fiók törlése', 'Delete account'),
        ('privacy.deleteAccountWarning', 'A fiókod minden adatával együtt véglegesen törlődik.', 'Your account and everything in it will be deleted for good.'),

        -- system and about
        ('system.defaultLocale', 'Alapértelmezett nyelv', 'Default language'),
        ('system.registration', 'Nyilvános regisztráció', 'Public registration'),
        ('system.maintenance', 'Karbantartási üzemmód', 'Maintenance mode'),
        ('about.version', 'Verzió: {version}', 'Version {version}'),
        ('about.license', 'Licenc', 'License'),
        ('resetAll', 'Az összes beállítás visszaállítása', 'Reset all settings'),
        ('resetAllConfirm', 'Visszaállítod az összes beállítást az alapértékekre?', 'Reset every setting to its default?')
) AS s (key, hu, en)
CROSS JOIN LATERAL (VALUES ('hu', s.hu), ('en', s.en)) AS t (locale, value)
ON CONFLICT (locale, namespace, key) DO UPDATE
    SET value = EXCLUDED.value,
        updated_at = now()
    WHERE translations.value IS DISTINCT FROM EXCLUDED.value;
