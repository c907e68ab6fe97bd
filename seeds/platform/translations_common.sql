-- Texts shared by every part of the desktop: buttons, states, errors, dates, tables, files.
-- One line a key: key, Hungarian, English, so that a key cannot exist in one language only.
-- Keyed on (locale, namespace, key). {name} marks a value put in when the text is shown.

INSERT INTO platform.translations (locale, namespace, key, value)
SELECT t.locale, 'common', s.key, t.value
FROM (
    VALUES
        -- buttons
        ('buttons.save', 'Mentés', 'Save'),
        ('buttons.saveChanges', 'Módosítások mentése', 'Save changes'),
        ('buttons.cancel', 'Mégse', 'Cancel'),
        ('buttons.delete', 'Törlés', 'Delete'),
        ('buttons.edit', 'Szerkesztés', 'Edit'),
        ('buttons.create', 'Létrehozás', 'Create'),
        ('buttons.add', 'Hozzáadás', 'Add'),
        ('buttons.remove', 'Eltávolítás', 'Remove'),
        ('buttons.close', 'Bezárás', 'Close'),
        ('buttons.back', 'Vissza', 'Back'),
        ('buttons.next', 'Tovább', 'Next'),
        ('buttons.finish', 'Befejezés', 'Finish'),
        ('buttons.confirm', 'Megerősítés', 'Confirm'),
        ('buttons.search', 'Keresés', 'Search'),
        ('buttons.filter', 'Szűrés', 'Filter'),
        ('buttons.clearFilters', 'Szűrők törlése', 'Clear filters'),
        ('buttons.refresh', 'Frissítés', 'Refresh'),
        ('buttons.retry', 'Újrapróbálás', 'Try again'),
        ('buttons.copy', 'Másolás', 'Copy'),
        ('buttons.download', 'Letöltés', 'Download'),
        ('buttons.upload', 'Feltöltés', 'Upload'),
        ('buttons.export', 'Exportálás', 'Export'),
        ('buttons.reset', 'Visszaállítás', 'Reset'),
        ('buttons.selectAll', 'Az összes kijelölése', 'Select all'),
        ('buttons.showMore', 'Továbbiak megjelenítése', 'Show more'),
        ('buttons.details', 'Részletek', 'Details'),
        ('buttons.yes', 'Igen', 'Yes'),
        ('buttons.no', 'Nem', 'No'),

        -- states of a thing and of an operation
        ('status.loading', 'Betöltés…', 'Loading…'),
        ('status.saving', 'Mentés folyamatban…', 'Saving…'),
        ('status.saved', 'Mentve', 'Saved'),
        ('status.unsaved', 'Nem mentett módosítások', 'Unsaved changes'),
        ('status.active', 'Aktív', 'Active'),
        ('status.inactive', 'Inaktív', 'Inactive'),
        ('status.enabled', 'Bekapcsolva', 'Enabled'),
        ('status.disabled', 'Kikapcsolva', 'Disabled'),
        ('status.pending', 'Függőben', 'Pending'),
        ('status.completed', 'Kész', 'Completed'),
        ('status.failed', 'Sikertelen', 'Failed'),
        ('status.online', 'Elérhető', 'Online'),
        ('status.offline', 'Nem elérhető', 'Offline'),
        ('status.unknown', 'Ismeretlen', 'Unknown'),

        -- what went wrong
        ('errors.required', 'Ezt a mezőt kötelező kitölteni.', 'This field is required.'),
        ('errors.invalidEmail', 'Érvényes e-mail-címet adj meg.', 'Enter a valid email address.'),
        ('errors.invalidUrl', 'Érvényes webcímet adj meg.', 'Enter a valid web address.'),
        ('errors.invalidNumber', 'Számot adj meg.', 'Enter a number.'),
        ('errors.invalidDate', 'Érvényes dátumot adj meg.', 'Enter a valid date.'),
        ('errors.tooShort', 'Legalább {min} karakter szükséges.', 'At least {min} characters are needed.'),
        ('errors.tooLong', 'Legfeljebb {max} karakter lehet.', 'At most {max} characters are allowed.'),
        ('errors.outOfRange', 'Az érték {min} és {max} közé essen.', 'The value must be between {min} and {max}.'),
        ('errors.alreadyExists', 'Ilyen már létezik: {name}.', 'This already exists: {name}.'),
        ('errors.notFound', 'A keresett elem nem található.', 'The item could not be found.'),
        ('errors.forbidden', 'Ehhez a művelethez nincs jogosultságod.', 'You do not have permission to do this.'),
        ('errors.unauthorized', 'A folytatáshoz jelentkezz be.', 'Sign in to continue.'),
        ('errors.network', 'A kiszolgáló nem érhető el. Ellenőrizd a hálózati kapcsolatot.', 'The server cannot be reached. Check your network connection.'),
        ('errors.timeout', 'A kiszolgáló nem válaszolt időben.', 'The server did not answer in time.'),
        ('errors.server', 'Hiba történt a kiszolgálón. Próbáld újra később.', 'Something went wrong on the server. Try again later.'),
        ('errors.tooManyRequests', 'Túl sok kérés érkezett. Próbáld újra {seconds} másodperc múlva.', 'Too many requests. Try again in {seconds} seconds.'),
        ('errors.conflict', 'Ezt az elemet közben valaki más módosította. Töltsd be újra, és ismételd meg a módosítást.', 'Someone else has changed this item in the meantime. Reload it and make your change again.'),
        ('errors.unknown', 'Váratlan hiba történt.', 'An unexpected error occurred.'),

        -- what went right
        ('messages.created', 'Sikeresen létrehozva.', 'Created successfully.'),
        ('messages.updated', 'A módosítások mentése sikerült.', 'Your changes have been saved.'),
        ('messages.deleted', 'Sikeresen törölve.', 'Deleted successfully.'),
        ('messages.copied', 'A vágólapra másolva.', 'Copied to the clipboard.'),
        ('messages.nothingChanged', 'Nincs menteni való módosítás.', 'There is nothing to save.'),

        -- confirmation dialogs
        ('confirm.title', 'Megerősítés szükséges', 'Please confirm'),
        ('confirm.delete', 'Biztosan törlöd ezt az elemet: {name}?', 'Delete this item: {name}?'),
        ('confirm.irreversible', 'Ez a művelet nem vonható vissza.', 'This action cannot be undone.'),
        ('confirm.discardChanges', 'Elveted a nem mentett módosításokat?', 'Discard your unsaved changes?'),

        -- lists and tables
        ('table.empty', 'Nincs megjeleníthető adat.', 'There is nothing to show.'),
        ('table.noResults', 'Nincs találat erre: „{query}”.', 'No results for “{query}”.'),
        ('table.selected', '{count} kijelölve', '{count} selected'),
        ('table.rowsPerPage', 'Sorok oldalanként', 'Rows per page'),
        ('table.pageOf', '{page}. oldal, összesen {pages}', 'Page {page} of {pages}'),
        ('table.range', '{from}–{to}, összesen {total}', '{from}–{to} of {total}'),
        ('table.sortAscending', 'Növekvő sorrend', 'Sort ascending'),
        ('table.sortDescending', 'Csökkenő sorrend', 'Sort descending'),
        ('table.columns', 'Oszlopok', 'Columns'),
        ('table.actions', 'Műveletek', 'Actions'),

        -- names of fields that occur everywhere
        ('fields.name', 'Név', 'Name'),
        ('fields.description', 'Leírás', 'Description'),
        ('fields.email', 'E-mail-cím', 'Email address'),
        ('fields.createdAt', 'Létrehozva', 'Created'),
        ('fields.updatedAt', 'Utoljára módosítva', 'Last changed'),
        ('fields.optional', 'nem kötelező', 'optional'),

        -- dates and times
        ('time.justNow', 'az imént', 'just now'),
        ('time.minutesAgo', '{count} perce', '{count} min ago'),
        ('time.hoursAgo', '{count} órája', '{count} h ago'),
        ('time.daysAgo', '{count} napja', '{count} d ago'),
        ('time.today', 'Ma', 'Today'),
        ('time.yesterday', 'Tegnap', 'Yesterday'),
        ('time.never', 'Soha', 'Never'),

        -- file uploads
        ('files.dropHere', 'Húzd ide a fájlt, vagy kattints a tallózáshoz.', 'Drop a file here, or click to browse.'),
        ('files.tooLarge', 'A fájl túl nagy. A megengedett legnagyobb méret: {max}.', 'The file is too large. The largest size allowed is {max}.'),
        ('files.wrongType', 'Ez a fájltípus nem tölthető fel. Elfogadott típusok: {types}.', 'Files of this type cannot be uploaded. Accepted types: {types}.'),
        ('files.uploading', 'Feltöltés: {percent}%', 'Uploading: {percent}%')
) AS s (key, hu, en)
CROSS JOIN LATERAL (VALUES ('hu', s.hu), ('en', s.en)) AS t (locale, value)
ON CONFLICT (locale, namespace, key) DO UPDATE
    SET value = EXCLUDED.value,
        updated_at = now()
    WHERE translations.value IS DISTINCT FROM EXCLUDED.value;
