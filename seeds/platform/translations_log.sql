-- Texts of the Log app: error log, activity log, e-mail log.
-- One line a key: key, Hungarian, English, so that a key cannot exist in one language only.
-- Keyed on (locale, namespace, key). {name} marks a value put in when the text is shown.

INSERT INTO platform.translations (locale, namespace, key, value)
SELECT t.locale, 'log', s.key, t.value
FROM (
    VALUES
        -- the window and its navigation
        ('title', 'Napló', 'Log'),
        ('menu.errors', 'Hibanapló', 'Error log'),
        ('menu.activity', 'Tevékenységnapló', 'Activity log'),
        ('menu.email', 'E-mail-napló', 'Email log'),

        -- levels
        ('level.trace', 'Nyomkövetés', 'Trace'),
        ('level.debug', 'Hibakeresés', 'Debug'),
        ('level.info', 'Információ', 'Info'),
        ('level.warn', 'Figyelmeztetés', 'Warning'),
        ('level.warning', 'Figyelmeztetés', 'Warning'),
        ('level.error', 'Hiba', 'Error'),
        ('level.fatal', 'Végzetes hiba', 'Fatal error'),
        ('level.critical', 'Kritikus hiba', 'Critical error'),

        -- columns
        ('columns.time', 'Időpont', 'Time'),
        ('columns.level', 'Szint', 'Level'),
        ('columns.message', 'Üzenet', 'Message'),
        ('columns.source', 'Forrás', 'Source'),
        ('columns.user', 'Felhasználó', 'User'),
        ('columns.action', 'Művelet', 'Action'),
        ('columns.resource', 'Erőforrás', 'Resource'),
        ('columns.url', 'Webcím', 'Web address'),
        ('columns.method', 'Kérés típusa', 'Request method'),
        ('columns.recipient', 'Címzett', 'Recipient'),
        ('columns.subject', 'Tárgy', 'Subject'),
        ('columns.status', 'Állapot', 'Status'),

        -- filters
        ('filter.from', 'Ettől', 'From'),
        ('filter.to', 'Eddig', 'To'),
        ('filter.allLevels', 'Minden szint', 'All levels'),
        ('filter.allSources', 'Minden forrás', 'All sources'),
        ('filter.search', 'Keresés az üzenetekben', 'Search messages'),

        -- one entry
        ('details.title', 'A bejegyzés részletei', 'Entry details'),
        ('details.stack', 'Hívási verem', 'Stack trace'),
        ('details.context', 'Környezeti adatok', 'Context'),
        ('details.userAgent', 'Böngésző', 'Browser'),

        -- e-mail states
        ('email.pending', 'Előkészítés alatt', 'Being prepared'),
        ('email.queued', 'Küldésre vár', 'Waiting to be sent'),
        ('email.sent', 'Elküldve', 'Sent'),
        ('email.delivered', 'Kézbesítve', 'Delivered'),
        ('email.opened', 'Megnyitva', 'Opened'),
        ('email.clicked', 'Hivatkozás megnyitva', 'Link opened'),
        ('email.bounced', 'Visszapattant', 'Bounced'),
        ('email.complained', 'Levélszemétnek jelölték', 'Marked as spam'),
        ('email.failed', 'Nem sikerült elküldeni', 'Could not be sent'),

        -- clearing
        ('clear.button', 'Régi bejegyzések törlése', 'Delete old entries'),
        ('clear.confirm', 'Törlöd a {days} napnál régebbi bejegyzéseket?', 'Delete entries older than {days} days?'),
        ('clear.done', 'Törölt bejegyzések száma: {count}', 'Entries deleted: {count}'),
        ('empty', 'Nincs a szűrőknek megfelelő bejegyzés.', 'No entry matches the filters.')
) AS s (key, hu, en)
CROSS JOIN LATERAL (VALUES ('hu', s.hu), ('en', s.en)) AS t (locale, value)
ON CONFLICT (locale, namespace, key) DO UPDATE
    SET value = EXCLUDED.value,
        updated_at = now()
    WHERE translations.value IS DISTINCT FROM EXCLUDED.value;
