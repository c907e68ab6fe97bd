-- The texts of one part of the user interface.

CREATE OR REPLACE FUNCTION platform.get_translations(in_namespace text, wanted_locale text, default_locale text)
RETURNS TABLE (
    key     text,
    value   text,
    locale  text
)
LANGUAGE sql
STABLE
AS $function$
    SELECT DISTINCT ON (t.key)
        t.key::text,
        t.value,
        t.locale::text
    FROM platform.translations AS t
    WHERE t.namespace = in_namespace
        AND t.locale IN (wanted_locale, default_locale)
    ORDER BY t.key, (t.locale = wanted_locale) DESC
$function$;

COMMENT ON FUNCTION platform.get_translations(text, text, text) IS
    'The texts of a namespace by key: in the wanted locale where there is one, else in the default locale. locale says which of the two.';
