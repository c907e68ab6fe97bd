-- What permissions are about. One row for each kind of thing; keyed on the name.

INSERT INTO auth.resources AS r (name, description) VALUES
    ('users',       'People who have an account'),
    ('groups',      'Groups of people'),
    ('roles',       'Roles and what they allow'),
    ('permissions', 'Permissions and who holds them'),
    ('resources',   'The kinds of things that permissions are about'),
    ('content',     'Articles, pages and other content'),
    ('settings',    'Settings of the whole system'),
    ('log',         'Error log and activity log'),
    ('plugin',      'Plugins of the desktop')
ON CONFLICT (name) DO UPDATE
    SET description = EXCLUDED.description
    WHERE r.description IS DISTINCT FROM EXCLUDED.description;
