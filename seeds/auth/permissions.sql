-- Everything that may be allowed, with the resource it is about; keyed on the name.

INSERT INTO auth.permissions AS p (name, description, resource_id)
SELECT
    listed.name,
    listed.description,
    (SELECT r.id FROM auth.resources AS r WHERE r.name = listed.resource)
FROM (
    VALUES
        ('users.users.view',         'See the people who have an account',              'users'),
        ('users.users.create',       'Add people',                                      'users'),
        ('users.users.update',       'Change the data of people',                       'users'),
        ('users.users.delete',       'Remove people',                                   'users'),

        ('users.groups.view',        'See the groups and their members',                'groups'),
        ('users.groups.create',      'Add groups',                                      'groups'),
        ('users.groups.update',      'Change groups and who belongs to them',           'groups'),
        ('users.groups.delete',      'Remove groups',                                   'groups'),

        ('users.roles.view',         'See the roles and who has them',                  'roles'),
        ('users.roles.create',       'Add roles',                                       'roles'),
        ('users.roles.update',       'Change roles and who has them',                   'roles'),
        ('users.roles.delete',       'Remove roles',                                    'roles'),

        ('users.permissions.view',   'See the permissions of roles and groups',         'permissions'),
        ('users.permissions.assign', 'Give permissions to roles and groups, take them', 'permissions'),

        ('users.resources.view',     'See the resources',                               'resources'),
        ('users.resources.create',   'Add resources',                                   'resources'),
        ('users.resources.update',   'Change resources',                                'resources'),
        ('users.resources.delete',   'Remove resources',                                'resources'),

        ('content.view',             'Read content',                                    'content'),
        ('content.create',           'Write new content',                               'content'),
        ('content.update',           'Edit content',                                    'content'),
        ('content.delete',           'Remove content',                                  'content'),
        ('content.publish',          'Make content public',                             'content'),

        ('settings.view',            'See the system settings',                         'settings'),
        ('settings.update',          'Change the system settings',                      'settings'),

        ('log.error.view',           'Read the error log',                              'log'),
        ('log.activity.view',        'Read the activity log',                           'log'),

        ('plugin.manual.install',    'Install a plugin from a file',                    'plugin')
) AS listed (name, description, resource)
ON CONFLICT (name) DO UPDATE
    SET description = EXCLUDED.description,
        resource_id = EXCLUDED.resource_id
    WHERE (p.description, p.resource_id) IS DISTINCT FROM (EXCLUDED.description, EXCLUDED.resource_id);
