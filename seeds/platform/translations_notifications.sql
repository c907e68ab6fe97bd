-- Texts of the notification center and of the notification demo.
-- One line a key: key, Hungarian, English, so that a key cannot exist in one language only.
-- Keyed on (locale, namespace, key). {name} marks a value put in when the text is shown.

INSERT INTO platform.translations (locale, namespace, key, value)
SELECT t.locale, 'notifications', s.key, t.value
FROM (
    VALUES
        -- the notification center
        ('title', 'Értesítések', 'Notifications'),
        ('open', 'Értesítések megnyitása', 'Open notifications'),
        ('unreadCount', '{count} olvasatlan', '{count} unread'),
        ('empty', 'Nincs értesítésed.', 'You have no notifications.'),
        ('emptyUnread', 'Minden értesítést elolvastál.', 'You have read everything.'),
        ('filter.all', 'Mind', 'All'),
        ('filter.unread', 'Olvasatlan', 'Unread'),
        ('filter.byApp', 'Alkalmazás szerint', 'By app'),
        ('groups.today', 'Mai', 'Today'),
        ('groups.earlier', 'Korábbi', 'Earlier'),

        -- types
        ('type.info', 'Tájékoztatás', 'Information'),
        ('type.success', 'Siker', 'Success'),
        ('type.warning', 'Figyelmeztetés', 'Warning'),
        ('type.error', 'Hiba', 'Error'),
        ('type.critical', 'Sürgős', 'Critical'),

        -- what can be done with one
        ('actions.markRead', 'Megjelölés olvasottként', 'Mark as read'),
        ('actions.markUnread', 'Megjelölés olvasatlanként', 'Mark as unread'),
        ('actions.markAllRead', 'Az összes megjelölése olvasottként', 'Mark all as read'),
        ('actions.delete', 'Értesítés törlése', 'Delete notification'),
        ('actions.deleteAll', 'Az összes törlése', 'Delete all'),
        ('actions.openApp', 'Alkalmazás megnyitása', 'Open app'),
        ('actions.showDetails', 'Részletek megjelenítése', 'Show details'),
        ('actions.hideDetails', 'Részletek elrejtése', 'Hide details'),
        ('confirm.deleteAll', 'Törlöd az összes értesítésedet?', 'Delete all your notifications?'),
        ('messages.allRead', 'Minden értesítés olvasottként lett megjelölve.', 'All notifications are marked as read.'),
        ('messages.deleted', 'Az értesítést törölted.', 'The notification has been deleted.'),
        ('errors.loadFailed', 'Az értesítéseket nem sikerült betölteni.', 'The notifications could not be loaded.'),

        -- how they arrive
        ('settings.sound', 'Hangjelzés', 'Play a sound'),
        ('settings.email', 'Értesítés e-mailben is', 'Also notify by email'),
        ('settings.browser', 'Böngészőértesítések', 'Browser notifications'),
        ('settings.browserBlocked', 'A böngésződ letiltotta az értesítéseket. A webhely beállításainál engedélyezheted őket.', 'Your browser blocks notifications. You can allow them in its site settings.'),
        ('settings.doNotDisturb', 'Ne zavarjanak', 'Do not disturb'),

        -- the demo
        ('demo.title', 'Próbaértesítés küldése', 'Send a test notification'),
        ('demo.recipient', 'Címzett', 'Recipient'),
        ('demo.subject', 'Cím', 'Title'),
        ('demo.message', 'Üzenet', 'Message'),
        ('demo.send', 'Küldés', 'Send'),
        ('demo.sent', 'Az értesítést elküldtük neki: {name}', 'Notification sent to {name}.')
) AS s (key, hu, en)
CROSS JOIN LATERAL (VALUES ('hu', s.hu), ('en', s.en)) AS t (locale, value)
ON CONFLICT (locale, namespace, key) DO UPDATE
    SET value = EXCLUDED.value,
        updated_at = now()
    WHERE translations.value IS DISTINCT FROM EXCLUDED.value;
