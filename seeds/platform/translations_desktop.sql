-- Texts of the desktop itself: start menu, taskbar, windows, icons, shortcuts.
-- One line a key: key, Hungarian, English, so that a key cannot exist in one language only.
-- Keyed on (locale, namespace, key). {name} marks a value put in when the text is shown.

INSERT INTO platform.translations (locale, namespace, key, value)
SELECT t.locale, 'desktop', s.key, t.value
FROM (
    VALUES
        -- start menu
        ('startMenu.open', 'Start menü megnyitása', 'Open the Start menu'),
        ('startMenu.search', 'Alkalmazás keresése', 'Search for an app'),
        ('startMenu.allApps', 'Minden alkalmazás', 'All apps'),
        ('startMenu.recent', 'Legutóbb használt', 'Recently used'),
        ('startMenu.noApps', 'Nincs ilyen alkalmazás.', 'No such app.'),
        ('startMenu.signOut', 'Kijelentkezés', 'Sign out'),
        ('startMenu.lock', 'Zárolás', 'Lock'),
        ('startMenu.profile', 'Saját profil', 'Your profile'),
        ('startMenu.settings', 'Beállítások', 'Settings'),

        -- categories of apps
        ('category.system', 'Rendszer', 'System'),
        ('category.utilities', 'Segédprogramok', 'Utilities'),
        ('category.communication', 'Kommunikáció', 'Communication'),
        ('category.other', 'Egyéb', 'Other'),

        -- taskbar
        ('taskbar.showDesktop', 'Asztal megjelenítése', 'Show desktop'),
        ('taskbar.notifications', 'Értesítések', 'Notifications'),
        ('taskbar.unread', 'Olvasatlan: {count}', '{count} unread'),
        ('taskbar.language', 'Nyelv váltása', 'Switch language'),
        ('taskbar.fullscreen', 'Teljes képernyő', 'Full screen'),
        ('taskbar.exitFullscreen', 'Kilépés a teljes képernyőből', 'Leave full screen'),
        ('taskbar.pin', 'Rögzítés a tálcán', 'Pin to taskbar'),
        ('taskbar.unpin', 'Levétel a tálcáról', 'Unpin from taskbar'),

        -- windows
        ('window.minimize', 'Kis méret', 'Minimize'),
        ('window.maximize', 'Teljes méret', 'Maximize'),
        ('window.restore', 'Előző méret', 'Restore'),
        ('window.close', 'Ablak bezárása', 'Close window'),
        ('window.closeAll', 'Az összes ablak bezárása', 'Close all windows'),
        ('window.help', 'Súgó ehhez az ablakhoz', 'Help for this window'),
        ('window.loadFailed', 'Nem sikerült megnyitni ezt az alkalmazást: {name}.', 'This app could not be opened: {name}.'),
        ('window.limitReached', 'Egyszerre legfeljebb {max} ablak lehet nyitva.', 'No more than {max} windows can be open at once.'),
        ('window.alreadyOpen', 'Ez az alkalmazás már fut: {name}.', 'This app is already running: {name}.'),

        -- the menu of the desktop and of an icon
        ('contextMenu.refresh', 'Frissítés', 'Refresh'),
        ('contextMenu.arrange', 'Ikonok rendezése', 'Arrange icons'),
        ('contextMenu.arrangeByName', 'Név szerint', 'By name'),
        ('contextMenu.changeBackground', 'Háttér módosítása', 'Change background'),
        ('contextMenu.open', 'Megnyitás', 'Open'),
        ('contextMenu.rename', 'Átnevezés', 'Rename'),

        -- shortcuts
        ('shortcut.add', 'Parancsikon az asztalra', 'Add shortcut to desktop'),
        ('shortcut.remove', 'Parancsikon eltávolítása', 'Remove shortcut'),
        ('shortcut.added', 'Új parancsikon az asztalon: {name}', 'Shortcut added to the desktop: {name}'),
        ('shortcut.exists', 'Ennek az alkalmazásnak már van parancsikonja az asztalon.', 'This app already has a shortcut on the desktop.'),
        ('shortcut.label', 'Felirat', 'Label'),

        -- the clock and the connection
        ('clock.open', 'Naptár megnyitása', 'Open calendar'),
        ('connection.lost', 'Megszakadt a kapcsolat. Újracsatlakozás…', 'Connection lost. Reconnecting…'),
        ('connection.restored', 'A kapcsolat helyreállt.', 'The connection is back.'),
        ('leaveWarning', 'Ha elhagyod az oldalt, a nyitott ablakok nem mentett adatai elvesznek.', 'If you leave this page, unsaved work in open windows will be lost.')
) AS s (key, hu, en)
CROSS JOIN LATERAL (VALUES ('hu', s.hu), ('en', s.en)) AS t (locale, value)
ON CONFLICT (locale, namespace, key) DO UPDATE
    SET value = EXCLUDED.value,
        updated_at = now()
    WHERE translations.value IS DISTINCT FROM EXCLUDED.value;
