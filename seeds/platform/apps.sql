-- The apps that come with the desktop: what they are called, how their windows open, what they need.
-- Keyed on app_id. Whether an app is switched on (is_active), its help page and its plugin columns are left as they are found.
-- permissions: the names a user needs to open the app; is_public: offered without a role or a group being given access.

INSERT INTO platform.apps (
    app_id, name, description, version, icon, icon_style, category, permissions, multi_instance,
    default_size, min_size, max_size, author, keywords, is_public, sort_order, app_type
)
SELECT
    s.app_id, s.name, s.description, '1.0.0', s.icon, 'icon', s.category, s.permissions, s.multi_instance,
    s.default_size, s.min_size, s.max_size, 'ElyOS', s.keywords, s.is_public, s.sort_order, 'core'
FROM (
    VALUES
        (
            'users', 'system', 'users', 10, false, false,
            '{"hu": "Felhasználók", "en": "Users"}'::jsonb,
            '{"hu": "Felhasználók, csoportok, szerepkörök és jogosultságok kezelése", "en": "Manage users, groups, roles and permissions"}'::jsonb,
            '["users.users.view"]'::jsonb,
            '["felhasználó", "csoport", "szerepkör", "jogosultság", "user", "group", "role", "permission"]'::jsonb,
            '{"width": 1100, "height": 720}'::jsonb, '{"width": 640, "height": 480}'::jsonb, NULL::jsonb
        ),
        (
            'settings', 'system', 'settings', 20, false, true,
            '{"hu": "Beállítások", "en": "Settings"}'::jsonb,
            '{"hu": "A profil, a biztonság, a megjelenés és a rendszer beállításai", "en": "Profile, security, appearance and system settings"}'::jsonb,
            '["settings.view"]'::jsonb,
            '["beállítás", "profil", "jelszó", "téma", "nyelv", "settings", "profile", "password", "theme", "language"]'::jsonb,
            '{"width": 960, "height": 680}'::jsonb, '{"width": 560, "height": 440}'::jsonb, NULL::jsonb
        ),
        (
            'help', 'system', 'circle-help', 30, true, true,
            '{"hu": "Súgó", "en": "Help"}'::jsonb,
            '{"hu": "Útmutató az asztal és az alkalmazások használatához", "en": "Guide to the desktop and its apps"}'::jsonb,
            '[]'::jsonb,
            '["súgó", "útmutató", "leírás", "segítség", "help", "guide", "manual"]'::jsonb,
            '{"width": 820, "height": 640}'::jsonb, '{"width": 420, "height": 360}'::jsonb, NULL::jsonb
        ),
        (
            'log', 'system', 'scroll-text', 40, false, false,
            '{"hu": "Napló", "en": "Log"}'::jsonb,
            '{"hu": "Hibák, felhasználói tevékenységek és kiküldött e-mailek naplója", "en": "Errors, user activity and sent email"}'::jsonb,
            '["log.error.view"]'::jsonb,
            '["napló", "hiba", "tevékenység", "esemény", "log", "error", "activity", "event"]'::jsonb,
            '{"width": 1100, "height": 700}'::jsonb, '{"width": 640, "height": 440}'::jsonb, NULL::jsonb
        ),
        (
            'notification-demo', 'utilities', 'bell-ring', 80, false, false,
            '{"hu": "Értesítéspróba", "en": "Notification Demo"}'::jsonb,
            '{"hu": "Próbaértesítések küldése a kiválasztott felhasználónak", "en": "Send test notifications to a chosen user"}'::jsonb,
            '["users.users.view"]'::jsonb,
            '["értesítés", "próba", "teszt", "notification", "demo", "test"]'::jsonb,
            '{"width": 560, "height": 620}'::jsonb, '{"width": 400, "height": 440}'::jsonb, '{"width": 800, "height": 900}'::jsonb
        ),
        (
            'notifications', 'communication', 'bell', 50, false, true,
            '{"hu": "Értesítések", "en": "Notifications"}'::jsonb,
            '{"hu": "A neked szóló értesítések egy helyen", "en": "All your notifications in one place"}'::jsonb,
            '[]'::jsonb,
            '["értesítés", "üzenet", "olvasatlan", "notification", "message", "unread"]'::jsonb,
            '{"width": 520, "height": 680}'::jsonb, '{"width": 360, "height": 400}'::jsonb, '{"width": 900, "height": 1200}'::jsonb
        ),
        (
            'chat', 'communication', 'message-circle', 60, false, false,
            '{"hu": "Csevegés", "en": "Chat"}'::jsonb,
            '{"hu": "Azonnali üzenetváltás a többi felhasználóval", "en": "Instant messages with other users"}'::jsonb,
            '["content.view"]'::jsonb,
            '["csevegés", "üzenet", "beszélgetés", "chat", "message", "conversation"]'::jsonb,
            '{"width": 860, "height": 640}'::jsonb, '{"width": 480, "height": 400}'::jsonb, NULL::jsonb
        ),
        (
            'plugin-manager', 'system', 'puzzle', 70, false, false,
            '{"hu": "Bővítménykezelő", "en": "Plugin Manager"}'::jsonb,
            '{"hu": "Bővítmények telepítése, frissítése és eltávolítása", "en": "Install, update and remove plugins"}'::jsonb,
            '["plugin.manual.install"]'::jsonb,
            '["bővítmény", "telepítés", "kiegészítő", "plugin", "install", "extension"]'::jsonb,
            '{"width": 980, "height": 680}'::jsonb, '{"width": 560, "height": 440}'::jsonb, NULL::jsonb
        ),
        (
            'map', 'utilities', 'map', 90, true, false,
            '{"hu": "Térkép", "en": "Map"}'::jsonb,
            '{"hu": "Térkép böngészése, helyek keresése és megjelölése", "en": "Browse the map, find and mark places"}'::jsonb,
            '["content.view"]'::jsonb,
            '["térkép", "hely", "cím", "útvonal", "map", "place", "address", "route"]'::jsonb,
            '{"width": 1000, "height": 700}'::jsonb, '{"width": 480, "height": 400}'::jsonb, NULL::jsonb
        ),
        (
            'ai-assistant', 'utilities', 'sparkles', 100, false, false,
            '{"hu": "MI-asszisztens", "en": "AI Assistant"}'::jsonb,
            '{"hu": "Kérdések, összefoglalók és szövegírás mesterséges intelligenciával", "en": "Questions, summaries and writing with artificial intelligence"}'::jsonb,
            '["content.view"]'::jsonb,
            '["asszisztens", "mesterséges intelligencia", "kérdés", "szöveg", "assistant", "artificial intelligence", "question", "text"]'::jsonb,
            '{"width": 640, "height": 720}'::jsonb, '{"width": 400, "height": 480}'::jsonb, NULL::jsonb
        )
) AS s (
    app_id, category, icon, sort_order, multi_instance, is_public,
    name, description, permissions, keywords, default_size, min_size, max_size
)
ON CONFLICT (app_id) DO UPDATE
    SET name = EXCLUDED.name,
        description = EXCLUDED.description,
        version = EXCLUDED.version,
        icon = EXCLUDED.icon,
        icon_style = EXCLUDED.icon_style,
        category = EXCLUDED.category,
        permissions = EXCLUDED.permissions,
        multi_instance = EXCLUDED.multi_instance,
        default_size = EXCLUDED.default_size,
        min_size = EXCLUDED.min_size,
        max_size = EXCLUDED.max_size,
        author = EXCLUDED.author,
        keywords = EXCLUDED.keywords,
        is_public = EXCLUDED.is_public,
        sort_order = EXCLUDED.sort_order,
        app_type = EXCLUDED.app_type,
        updated_at = now()
    WHERE (
        apps.name, apps.description, apps.version, apps.icon, apps.icon_style, apps.category, apps.permissions,
        apps.multi_instance, apps.default_size, apps.min_size, apps.max_size, apps.author, apps.keywords,
        apps.is_public, apps.sort_order, apps.app_type
    ) IS DISTINCT FROM (
        EXCLUDED.name, EXCLUDED.description, EXCLUDED.version, EXCLUDED.icon, EXCLUDED.icon_style, EXCLUDED.category, EXCLUDED.permissions,
        EXCLUDED.multi_instance, EXCLUDED.default_size, EXCLUDED.min_size, EXCLUDED.max_size, EXCLUDED.author, EXCLUDED.keywords,
        EXCLUDED.is_public, EXCLUDED.sort_order, EXCLUDED.app_type
    );
