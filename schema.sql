-- The ElyOS database: who may sign in, what they may do, and what they see on their desktop.
--
-- This file is the source of truth. Rust types are generated from it and every migration is checked against it.
-- It loads into an empty database from top to bottom; its comments become the documentation of the generated code.
--
--   auth        people, the ways they sign in, roles, groups and permissions
--   platform    apps and plugins, desktop, languages, mail, chat, notifications and logs
--   extensions  functions of PostgreSQL extensions, kept apart from the tables
--
-- Conventions
--   * Localised text is a JSON object from locale code to text: {"hu": "Szerkesztő", "en": "Editor"}.
--   * JSON that has a shape is checked with JSON Schema (draft 4); a NULL passes, as it does in every check.
--   * A closed set of a varchar column is compared as text: so a dump restores to the very same check.
--   * Points in time are timestamptz. Who writes a row keeps its updated_at: there are no triggers.
--   * Every constraint and index carries the name that PostgreSQL would give it.


-- ---------------------------------------------------------------------------------------------------------------------
-- Schemas and extensions
-- ---------------------------------------------------------------------------------------------------------------------

CREATE SCHEMA IF NOT EXISTS auth;
CREATE SCHEMA IF NOT EXISTS platform;
CREATE SCHEMA IF NOT EXISTS extensions;

CREATE EXTENSION IF NOT EXISTS "postgres-json-schema" WITH SCHEMA extensions;

COMMENT ON SCHEMA auth IS 'People, the ways they sign in, and what they are allowed to do.';
COMMENT ON SCHEMA platform IS 'The web desktop: apps, plugins, languages, mail, chat, notifications and logs.';
COMMENT ON SCHEMA extensions IS 'Functions of PostgreSQL extensions, kept apart from the tables of the project.';


-- ---------------------------------------------------------------------------------------------------------------------
-- People and how they sign in
-- ---------------------------------------------------------------------------------------------------------------------

CREATE TABLE auth.users (
    id                  serial        NOT NULL,
    full_name           varchar(100)  NOT NULL,
    email               varchar(255)  NOT NULL,
    email_verified      boolean       NOT NULL DEFAULT false,
    two_factor_enabled  boolean       NOT NULL DEFAULT false,
    username            varchar(50),
    image               varchar(255),
    oauth_image         varchar(255),
    user_settings       jsonb         DEFAULT '{}',
    created_at          timestamptz   NOT NULL DEFAULT now(),
    updated_at          timestamptz   NOT NULL DEFAULT now(),
    deleted_at          timestamptz,
    is_active           boolean       NOT NULL DEFAULT true,

    CONSTRAINT users_pkey PRIMARY KEY (id),
    CONSTRAINT users_email_key UNIQUE (email),
    CONSTRAINT users_username_key UNIQUE (username),
    CONSTRAINT users_user_settings_check CHECK (
        extensions.validate_json_schema('{"type": "object"}', user_settings)
    )
);

COMMENT ON TABLE auth.users IS 'A person who has an account on the desktop.';
COMMENT ON COLUMN auth.users.full_name IS 'The name shown to others.';
COMMENT ON COLUMN auth.users.email IS 'The address the person signs in with; unique, compared exactly as written.';
COMMENT ON COLUMN auth.users.email_verified IS 'Whether the person has shown that the address is theirs.';
COMMENT ON COLUMN auth.users.two_factor_enabled IS 'Whether signing in asks for a second factor; the secret is in auth.two_factors.';
COMMENT ON COLUMN auth.users.username IS 'An optional short name to sign in with instead of the e-mail address.';
COMMENT ON COLUMN auth.users.image IS 'Address of the picture the person uploaded.';
COMMENT ON COLUMN auth.users.oauth_image IS 'Address of the picture an external provider sent; used while there is no image.';
COMMENT ON COLUMN auth.users.user_settings IS 'The person''s own settings (language, theme, desktop), as one JSON object.';
COMMENT ON COLUMN auth.users.deleted_at IS 'When the person was removed; NULL while they exist. The row stays, so that what they did can still be read.';
COMMENT ON COLUMN auth.users.is_active IS 'False locks the person out without removing them.';


CREATE TABLE auth.providers (
    id          serial       NOT NULL,
    name        varchar(50)  NOT NULL,
    enabled     boolean      NOT NULL DEFAULT true,
    config      jsonb,
    created_at  timestamptz  NOT NULL DEFAULT now(),
    updated_at  timestamptz  NOT NULL DEFAULT now(),

    CONSTRAINT providers_pkey PRIMARY KEY (id),
    CONSTRAINT providers_name_key UNIQUE (name),
    CONSTRAINT providers_config_check CHECK (
        extensions.validate_json_schema('{"type": "object"}', config)
    )
);

COMMENT ON TABLE auth.providers IS 'A way to sign in: e-mail with password, or an external identity provider.';
COMMENT ON COLUMN auth.providers.name IS 'Short name of the provider, such as credential or google; auth.accounts refers to it.';
COMMENT ON COLUMN auth.providers.enabled IS 'Whether the sign-in page offers it.';
COMMENT ON COLUMN auth.providers.config IS 'Settings of the provider as a JSON object; never its secret key.';


CREATE TABLE auth.accounts (
    id                        serial        NOT NULL,
    user_id                   integer       NOT NULL,
    provider_account_id       text          NOT NULL,
    provider_id               text          NOT NULL,
    access_token              text,
    refresh_token             text,
    access_token_expires_at   timestamptz,
    refresh_token_expires_at  timestamptz,
    scope                     varchar(255),
    id_token                  text,
    is_active                 boolean       NOT NULL DEFAULT true,
    password                  varchar(255),
    failed_login_attempts     integer       NOT NULL DEFAULT 0,
    last_login_at             timestamptz,
    password_changed_at       timestamptz,
    created_at                timestamptz   NOT NULL DEFAULT now(),
    updated_at                timestamptz   NOT NULL DEFAULT now(),

    CONSTRAINT accounts_pkey PRIMARY KEY (id),
    CONSTRAINT accounts_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES auth.providers (name),
    CONSTRAINT accounts_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users (id),
    CONSTRAINT accounts_failed_login_attempts_check CHECK (failed_login_attempts >= 0)
);

CREATE INDEX accounts_user_id_idx ON auth.accounts (user_id);
CREATE INDEX accounts_provider_id_provider_account_id_idx ON auth.accounts (provider_id, provider_account_id);

COMMENT ON TABLE auth.accounts IS 'The link between a person and one way they sign in; a person may have several.';
COMMENT ON COLUMN auth.accounts.provider_account_id IS 'Who the person is to the provider; for credential, the id of the user as text.';
COMMENT ON COLUMN auth.accounts.provider_id IS 'Name of the provider (auth.providers.name).';
COMMENT ON COLUMN auth.accounts.access_token IS 'Token of the provider to act for the person; secret.';
COMMENT ON COLUMN auth.accounts.refresh_token IS 'Token of the provider to renew the access token; secret.';
COMMENT ON COLUMN auth.accounts.scope IS 'What the provider let the tokens do, in the provider''s own words.';
COMMENT ON COLUMN auth.accounts.id_token IS 'The provider''s signed statement of who the person is; secret.';
COMMENT ON COLUMN auth.accounts.is_active IS 'False closes this one way in; the person may still use another.';
COMMENT ON COLUMN auth.accounts.password IS 'Hash of the password, for the credential provider; secret. NULL until the person sets one.';
COMMENT ON COLUMN auth.accounts.failed_login_attempts IS 'Failed attempts in a row; set back to zero by a successful one.';


CREATE TABLE auth.sessions (
    id          serial        NOT NULL,
    user_id     integer       NOT NULL,
    token       varchar(255)  NOT NULL,
    expires_at  timestamptz   NOT NULL,
    ip_address  varchar(255),
    user_agent  varchar(255),
    created_at  timestamptz   NOT NULL DEFAULT now(),
    updated_at  timestamptz   NOT NULL DEFAULT now(),

    CONSTRAINT sessions_pkey PRIMARY KEY (id),
    CONSTRAINT sessions_token_key UNIQUE (token),
    CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users (id)
);

CREATE INDEX sessions_user_id_idx ON auth.sessions (user_id);

COMMENT ON TABLE auth.sessions IS 'A signed-in browser.';
COMMENT ON COLUMN auth.sessions.token IS 'What the browser shows to be recognised; secret.';
COMMENT ON COLUMN auth.sessions.ip_address IS 'Address the session was opened from, as the server saw it.';
COMMENT ON COLUMN auth.sessions.user_agent IS 'How the browser named itself.';


CREATE TABLE auth.verifications (
    id          serial        NOT NULL,
    identifier  varchar(255)  NOT NULL,
    value       varchar(255)  NOT NULL,
    expires_at  timestamptz   NOT NULL,
    created_at  timestamptz   NOT NULL DEFAULT now(),
    updated_at  timestamptz   NOT NULL DEFAULT now(),

    CONSTRAINT verifications_pkey PRIMARY KEY (id)
);

CREATE INDEX verifications_identifier_idx ON auth.verifications (identifier);

COMMENT ON TABLE auth.verifications IS 'A code or token sent to somebody and waiting to be shown back: e-mail verification, password reset, one-time sign-in.';
COMMENT ON COLUMN auth.verifications.identifier IS 'What is being verified, and for what purpose.';
COMMENT ON COLUMN auth.verifications.value IS 'The code or token that proves it; secret.';


CREATE TABLE auth.two_factors (
    id            text     NOT NULL,
    secret        text     NOT NULL,
    backup_codes  text     NOT NULL,
    user_id       integer  NOT NULL,

    CONSTRAINT two_factors_pkey PRIMARY KEY (id),
    CONSTRAINT two_factors_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users (id) ON DELETE CASCADE
);

CREATE INDEX two_factors_user_id_idx ON auth.two_factors (user_id);

COMMENT ON TABLE auth.two_factors IS 'The second factor of a person who switched it on.';
COMMENT ON COLUMN auth.two_factors.secret IS 'Shared secret of the authenticator app; secret.';
COMMENT ON COLUMN auth.two_factors.backup_codes IS 'Codes that replace the authenticator when it is lost, each for one use; secret.';


-- ---------------------------------------------------------------------------------------------------------------------
-- Roles, groups and permissions
-- ---------------------------------------------------------------------------------------------------------------------

CREATE TABLE auth.resources (
    id           serial        NOT NULL,
    name         varchar(100)  NOT NULL,
    description  text,
    created_at   timestamptz   NOT NULL DEFAULT now(),

    CONSTRAINT resources_pkey PRIMARY KEY (id),
    CONSTRAINT resources_name_key UNIQUE (name)
);

COMMENT ON TABLE auth.resources IS 'A kind of thing that permissions are about, such as users or settings.';


CREATE TABLE auth.permissions (
    id           serial        NOT NULL,
    name         varchar(100)  NOT NULL,
    description  text,
    resource_id  integer,
    created_at   timestamptz   NOT NULL DEFAULT now(),

    CONSTRAINT permissions_pkey PRIMARY KEY (id),
    CONSTRAINT permissions_name_key UNIQUE (name),
    CONSTRAINT permissions_resource_id_fkey FOREIGN KEY (resource_id) REFERENCES auth.resources (id)
);

CREATE INDEX permissions_resource_id_idx ON auth.permissions (resource_id);

COMMENT ON TABLE auth.permissions IS 'One thing that somebody may be allowed to do.';
COMMENT ON COLUMN auth.permissions.name IS 'Dotted name that programs ask for, such as users.groups.update.';
COMMENT ON COLUMN auth.permissions.resource_id IS 'What the permission is about.';


CREATE TABLE auth.roles (
    id           serial       NOT NULL,
    name         jsonb        NOT NULL,
    description  jsonb,
    created_at   timestamptz  NOT NULL DEFAULT now(),
    updated_at   timestamptz  NOT NULL DEFAULT now(),

    CONSTRAINT roles_pkey PRIMARY KEY (id),
    CONSTRAINT roles_name_check CHECK (
        extensions.validate_json_schema('{"type": "object", "minProperties": 1, "additionalProperties": {"type": "string"}}', name)
    ),
    CONSTRAINT roles_description_check CHECK (
        extensions.validate_json_schema('{"type": "object", "additionalProperties": {"type": "string"}}', description)
    )
);

COMMENT ON TABLE auth.roles IS 'What somebody is, as a set of permissions and apps: administrator, editor, …';
COMMENT ON COLUMN auth.roles.name IS 'Localised name.';
COMMENT ON COLUMN auth.roles.description IS 'Localised description.';


CREATE TABLE auth.groups (
    id           serial       NOT NULL,
    name         jsonb        NOT NULL,
    description  jsonb,
    created_at   timestamptz  NOT NULL DEFAULT now(),
    updated_at   timestamptz  NOT NULL DEFAULT now(),

    CONSTRAINT groups_pkey PRIMARY KEY (id),
    CONSTRAINT groups_name_check CHECK (
        extensions.validate_json_schema('{"type": "object", "minProperties": 1, "additionalProperties": {"type": "string"}}', name)
    ),
    CONSTRAINT groups_description_check CHECK (
        extensions.validate_json_schema('{"type": "object", "additionalProperties": {"type": "string"}}', description)
    )
);

COMMENT ON TABLE auth.groups IS 'People who belong together; a group may carry permissions and apps of its own.';
COMMENT ON COLUMN auth.groups.name IS 'Localised name.';
COMMENT ON COLUMN auth.groups.description IS 'Localised description.';


CREATE TABLE auth.role_permissions (
    role_id        integer      NOT NULL,
    permission_id  integer      NOT NULL,
    created_at     timestamptz  NOT NULL DEFAULT now(),

    CONSTRAINT role_permissions_pkey PRIMARY KEY (role_id, permission_id),
    CONSTRAINT role_permissions_permission_id_fkey FOREIGN KEY (permission_id) REFERENCES auth.permissions (id) ON DELETE CASCADE,
    CONSTRAINT role_permissions_role_id_fkey FOREIGN KEY (role_id) REFERENCES auth.roles (id) ON DELETE CASCADE
);

CREATE INDEX role_permissions_permission_id_idx ON auth.role_permissions (permission_id);

COMMENT ON TABLE auth.role_permissions IS 'A permission that a role gives to whoever has the role.';


CREATE TABLE auth.group_permissions (
    group_id       integer      NOT NULL,
    permission_id  integer      NOT NULL,
    created_at     timestamptz  NOT NULL DEFAULT now(),

    CONSTRAINT group_permissions_pkey PRIMARY KEY (group_id, permission_id),
    CONSTRAINT group_permissions_group_id_fkey FOREIGN KEY (group_id) REFERENCES auth.groups (id) ON DELETE CASCADE,
    CONSTRAINT group_permissions_permission_id_fkey FOREIGN KEY (permission_id) REFERENCES auth.permissions (id) ON DELETE CASCADE
);

CREATE INDEX group_permissions_permission_id_idx ON auth.group_permissions (permission_id);

COMMENT ON TABLE auth.group_permissions IS 'A permission that a group gives to its members.';


CREATE TABLE auth.user_roles (
    user_id     integer      NOT NULL,
    role_id     integer      NOT NULL,
    created_at  timestamptz  NOT NULL DEFAULT now(),

    CONSTRAINT user_roles_pkey PRIMARY KEY (user_id, role_id),
    CONSTRAINT user_roles_role_id_fkey FOREIGN KEY (role_id) REFERENCES auth.roles (id) ON DELETE CASCADE,
    CONSTRAINT user_roles_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users (id) ON DELETE CASCADE
);

CREATE INDEX user_roles_role_id_idx ON auth.user_roles (role_id);

COMMENT ON TABLE auth.user_roles IS 'A role that a person has.';


CREATE TABLE auth.user_groups (
    user_id     integer      NOT NULL,
    group_id    integer      NOT NULL,
    created_at  timestamptz  NOT NULL DEFAULT now(),

    CONSTRAINT user_groups_pkey PRIMARY KEY (user_id, group_id),
    CONSTRAINT user_groups_group_id_fkey FOREIGN KEY (group_id) REFERENCES auth.groups (id) ON DELETE CASCADE,
    CONSTRAINT user_groups_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users (id) ON DELETE CASCADE
);

CREATE INDEX user_groups_group_id_idx ON auth.user_groups (group_id);

COMMENT ON TABLE auth.user_groups IS 'A group that a person belongs to.';


-- ---------------------------------------------------------------------------------------------------------------------
-- Apps and plugins
-- ---------------------------------------------------------------------------------------------------------------------

CREATE TABLE platform.apps (
    id                        serial        NOT NULL,
    app_id                    varchar(50)   NOT NULL,
    name                      jsonb         NOT NULL,
    description               jsonb,
    version                   varchar(20)   NOT NULL,
    icon                      varchar(100)  NOT NULL,
    icon_style                varchar(20)   DEFAULT 'icon',
    category                  varchar(50)   NOT NULL,
    permissions               jsonb         DEFAULT '[]',
    multi_instance            boolean       NOT NULL DEFAULT false,
    default_size              jsonb         NOT NULL,
    min_size                  jsonb         NOT NULL,
    max_size                  jsonb,
    author                    varchar(100),
    keywords                  jsonb         DEFAULT '[]',
    help_id                   integer,
    is_active                 boolean       NOT NULL DEFAULT true,
    is_public                 boolean       NOT NULL DEFAULT false,
    sort_order                integer       NOT NULL DEFAULT 0,
    created_at                timestamptz   NOT NULL DEFAULT now(),
    updated_at                timestamptz   NOT NULL DEFAULT now(),
    app_type                  varchar(20)   DEFAULT 'core',
    plugin_version            varchar(20),
    plugin_author             varchar(255),
    plugin_description        text,
    plugin_permissions        jsonb,
    plugin_dependencies       jsonb,
    plugin_min_webos_version  varchar(20),
    plugin_status             varchar(20)   DEFAULT 'active',
    plugin_installed_at       timestamptz,
    plugin_updated_at         timestamptz,

    CONSTRAINT apps_pkey PRIMARY KEY (id),
    CONSTRAINT apps_app_id_key UNIQUE (app_id),
    CONSTRAINT apps_name_check CHECK (
        extensions.validate_json_schema('{"type": "object", "minProperties": 1, "additionalProperties": {"type": "string"}}', name)
    ),
    CONSTRAINT apps_description_check CHECK (
        extensions.validate_json_schema('{"type": "object", "additionalProperties": {"type": "string"}}', description)
    ),
    CONSTRAINT apps_icon_style_check CHECK (icon_style::text IN ('icon', 'cover')),
    CONSTRAINT apps_permissions_check CHECK (
        extensions.validate_json_schema('{
            "type": "array",
            "items": {
                "type": ["object", "string"],
                "properties": {"resource": {"type": "string"}, "action": {"type": "string"}}
            }
        }', permissions)
    ),
    CONSTRAINT apps_default_size_check CHECK (
        extensions.validate_json_schema('{
            "type": "object",
            "required": ["width", "height"],
            "properties": {"width": {"type": "number", "minimum": 0}, "height": {"type": "number", "minimum": 0}}
        }', default_size)
    ),
    CONSTRAINT apps_min_size_check CHECK (
        extensions.validate_json_schema('{
            "type": "object",
            "required": ["width", "height"],
            "properties": {"width": {"type": "number", "minimum": 0}, "height": {"type": "number", "minimum": 0}}
        }', min_size)
    ),
    CONSTRAINT apps_max_size_check CHECK (
        extensions.validate_json_schema('{
            "type": "object",
            "required": ["width", "height"],
            "properties": {"width": {"type": "number", "minimum": 0}, "height": {"type": "number", "minimum": 0}}
        }', max_size)
    ),
    CONSTRAINT apps_keywords_check CHECK (
        extensions.validate_json_schema('{
            "type": ["array", "object"],
            "items": {"type": "string"},
            "additionalProperties": {"type": "array", "items": {"type": "string"}}
        }', keywords)
    ),
    CONSTRAINT apps_app_type_check CHECK (app_type::text IN ('core', 'plugin')),
    CONSTRAINT apps_plugin_permissions_check CHECK (
        extensions.validate_json_schema('{"type": "array", "items": {"type": "string"}}', plugin_permissions)
    ),
    CONSTRAINT apps_plugin_dependencies_check CHECK (
        extensions.validate_json_schema('{"type": "object", "additionalProperties": {"type": "string"}}', plugin_dependencies)
    ),
    CONSTRAINT apps_plugin_status_check CHECK (plugin_status::text IN ('active', 'inactive', 'error'))
);

CREATE INDEX apps_app_type_idx ON platform.apps (app_type);
CREATE INDEX apps_plugin_status_idx ON platform.apps (plugin_status);

COMMENT ON TABLE platform.apps IS 'An app of the desktop, built in or installed as a plugin. The plugin_ columns say nothing about a built-in app.';
COMMENT ON COLUMN platform.apps.app_id IS 'Short name that programs and addresses use, such as plugin-manager.';
COMMENT ON COLUMN platform.apps.name IS 'Localised name.';
COMMENT ON COLUMN platform.apps.description IS 'Localised description.';
COMMENT ON COLUMN platform.apps.icon IS 'Name of an icon of the icon set, or the path of a picture inside a plugin.';
COMMENT ON COLUMN platform.apps.icon_style IS 'icon draws the symbol on a tile, cover lets a picture fill the tile.';
COMMENT ON COLUMN platform.apps.permissions IS 'What the app needs to work: a list of {"resource": …, "action": …} or of permission names.';
COMMENT ON COLUMN platform.apps.multi_instance IS 'Whether more than one window of the app may be open at a time.';
COMMENT ON COLUMN platform.apps.default_size IS 'Size of a new window in pixels, {"width": …, "height": …}; {"maximized": true} may be added.';
COMMENT ON COLUMN platform.apps.min_size IS 'The smallest a window may become.';
COMMENT ON COLUMN platform.apps.max_size IS 'The largest a window may become; NULL is no limit.';
COMMENT ON COLUMN platform.apps.keywords IS 'Words the search of the start menu finds the app by: one list, or a list for each locale.';
COMMENT ON COLUMN platform.apps.help_id IS 'Page of the help app that explains this app.';
COMMENT ON COLUMN platform.apps.is_active IS 'False hides the app from everybody.';
COMMENT ON COLUMN platform.apps.is_public IS 'True lets everybody who is signed in open the app; otherwise a role or a group must grant it.';
COMMENT ON COLUMN platform.apps.sort_order IS 'Place in the start menu; smaller comes first.';
COMMENT ON COLUMN platform.apps.app_type IS 'core is part of the desktop, plugin was installed later.';
COMMENT ON COLUMN platform.apps.plugin_permissions IS 'What the plugin asked for when it was installed, a list such as ["database", "notifications"].';
COMMENT ON COLUMN platform.apps.plugin_dependencies IS 'Packages the plugin needs, from name to version range.';
COMMENT ON COLUMN platform.apps.plugin_min_webos_version IS 'The oldest version of the desktop the plugin works with.';
COMMENT ON COLUMN platform.apps.plugin_status IS 'active, inactive (switched off by somebody) or error (it failed to load).';


CREATE TABLE auth.role_app_access (
    role_id     integer      NOT NULL,
    app_id      integer      NOT NULL,
    created_at  timestamptz  NOT NULL DEFAULT now(),

    CONSTRAINT role_app_access_pkey PRIMARY KEY (role_id, app_id),
    CONSTRAINT role_app_access_app_id_fkey FOREIGN KEY (app_id) REFERENCES platform.apps (id) ON DELETE CASCADE,
    CONSTRAINT role_app_access_role_id_fkey FOREIGN KEY (role_id) REFERENCES auth.roles (id) ON DELETE CASCADE
);

CREATE INDEX role_app_access_app_id_idx ON auth.role_app_access (app_id);

COMMENT ON TABLE auth.role_app_access IS 'An app that a role lets its people open.';
COMMENT ON COLUMN auth.role_app_access.app_id IS 'Number of the app (platform.apps.id, not its app_id).';


CREATE TABLE auth.group_app_access (
    group_id    integer      NOT NULL,
    app_id      integer      NOT NULL,
    created_at  timestamptz  NOT NULL DEFAULT now(),

    CONSTRAINT group_app_access_pkey PRIMARY KEY (group_id, app_id),
    CONSTRAINT group_app_access_app_id_fkey FOREIGN KEY (app_id) REFERENCES platform.apps (id) ON DELETE CASCADE,
    CONSTRAINT group_app_access_group_id_fkey FOREIGN KEY (group_id) REFERENCES auth.groups (id) ON DELETE CASCADE
);

CREATE INDEX group_app_access_app_id_idx ON auth.group_app_access (app_id);

COMMENT ON TABLE auth.group_app_access IS 'An app that a group lets its members open.';
COMMENT ON COLUMN auth.group_app_access.app_id IS 'Number of the app (platform.apps.id, not its app_id).';


CREATE TABLE platform.plugin_permissions (
    id          serial        NOT NULL,
    plugin_id   varchar(255)  NOT NULL,
    role_id     varchar(255),
    group_id    varchar(255),
    created_at  timestamptz   NOT NULL DEFAULT now(),

    CONSTRAINT plugin_permissions_pkey PRIMARY KEY (id),
    CONSTRAINT plugin_permissions_plugin_id_fkey FOREIGN KEY (plugin_id) REFERENCES platform.apps (app_id) ON DELETE CASCADE
);

CREATE INDEX plugin_permissions_group_id_idx ON platform.plugin_permissions (group_id);
CREATE INDEX plugin_permissions_plugin_id_idx ON platform.plugin_permissions (plugin_id);
CREATE INDEX plugin_permissions_role_id_idx ON platform.plugin_permissions (role_id);

COMMENT ON TABLE platform.plugin_permissions IS 'A role or group that may use a plugin.';
COMMENT ON COLUMN platform.plugin_permissions.plugin_id IS 'The plugin (platform.apps.app_id).';
COMMENT ON COLUMN platform.plugin_permissions.role_id IS 'Id of the role, as text.';
COMMENT ON COLUMN platform.plugin_permissions.group_id IS 'Id of the group, as text.';


CREATE TABLE platform.plugin_logs (
    id          serial        NOT NULL,
    plugin_id   varchar(255)  NOT NULL,
    event_type  varchar(50)   NOT NULL,
    event_data  jsonb,
    user_id     varchar(255),
    created_at  timestamptz   NOT NULL DEFAULT now(),

    CONSTRAINT plugin_logs_pkey PRIMARY KEY (id),
    CONSTRAINT plugin_logs_plugin_id_fkey FOREIGN KEY (plugin_id) REFERENCES platform.apps (app_id) ON DELETE CASCADE
);

CREATE INDEX plugin_logs_created_at_idx ON platform.plugin_logs (created_at);
CREATE INDEX plugin_logs_event_type_idx ON platform.plugin_logs (event_type);
CREATE INDEX plugin_logs_plugin_id_idx ON platform.plugin_logs (plugin_id);

COMMENT ON TABLE platform.plugin_logs IS 'What happened to a plugin: installed, updated, switched off, failed.';
COMMENT ON COLUMN platform.plugin_logs.plugin_id IS 'The plugin (platform.apps.app_id).';
COMMENT ON COLUMN platform.plugin_logs.event_type IS 'Name of the event, such as install.';
COMMENT ON COLUMN platform.plugin_logs.event_data IS 'Details of the event; their shape depends on its type.';
COMMENT ON COLUMN platform.plugin_logs.user_id IS 'Id of who caused it, as text: an entry outlives the person.';


CREATE TABLE platform.plugin_metrics (
    id            serial        NOT NULL,
    plugin_id     varchar(255)  NOT NULL,
    metric_type   varchar(50)   NOT NULL,
    metric_value  varchar(50)   NOT NULL,
    metadata      jsonb,
    created_at    timestamptz   NOT NULL DEFAULT now(),

    CONSTRAINT plugin_metrics_pkey PRIMARY KEY (id),
    CONSTRAINT plugin_metrics_plugin_id_fkey FOREIGN KEY (plugin_id) REFERENCES platform.apps (app_id) ON DELETE CASCADE
);

CREATE INDEX plugin_metrics_created_at_idx ON platform.plugin_metrics (created_at);
CREATE INDEX plugin_metrics_metric_type_idx ON platform.plugin_metrics (metric_type);
CREATE INDEX plugin_metrics_plugin_id_idx ON platform.plugin_metrics (plugin_id);

COMMENT ON TABLE platform.plugin_metrics IS 'A measurement of a plugin, such as the time it took to load.';
COMMENT ON COLUMN platform.plugin_metrics.plugin_id IS 'The plugin (platform.apps.app_id).';
COMMENT ON COLUMN platform.plugin_metrics.metric_type IS 'What was measured.';
COMMENT ON COLUMN platform.plugin_metrics.metric_value IS 'The measured value, as text.';
COMMENT ON COLUMN platform.plugin_metrics.metadata IS 'Circumstances of the measurement.';


-- ---------------------------------------------------------------------------------------------------------------------
-- Desktop and files
-- ---------------------------------------------------------------------------------------------------------------------

CREATE TABLE platform.desktop_shortcuts (
    id          uuid          NOT NULL DEFAULT gen_random_uuid(),
    user_id     integer       NOT NULL,
    app_id      varchar(100)  NOT NULL,
    position    jsonb         NOT NULL,
    label       varchar(255),
    "order"     integer       NOT NULL DEFAULT 0,
    created_at  timestamptz   NOT NULL DEFAULT now(),
    updated_at  timestamptz   NOT NULL DEFAULT now(),

    CONSTRAINT desktop_shortcuts_pkey PRIMARY KEY (id),
    CONSTRAINT desktop_shortcuts_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users (id) ON DELETE CASCADE,
    CONSTRAINT desktop_shortcuts_position_check CHECK (
        extensions.validate_json_schema('{
            "type": "object",
            "required": ["x", "y"],
            "properties": {"x": {"type": "number"}, "y": {"type": "number"}}
        }', "position")
    )
);

CREATE INDEX desktop_shortcuts_app_id_idx ON platform.desktop_shortcuts (app_id);
CREATE INDEX desktop_shortcuts_user_id_idx ON platform.desktop_shortcuts (user_id);

COMMENT ON TABLE platform.desktop_shortcuts IS 'An icon that a person put on their desktop.';
COMMENT ON COLUMN platform.desktop_shortcuts.app_id IS 'The app it opens (platform.apps.app_id). No foreign key: the icon may wait for a plugin to come back.';
COMMENT ON COLUMN platform.desktop_shortcuts.position IS 'Where it stands, {"x": …, "y": …}.';
COMMENT ON COLUMN platform.desktop_shortcuts.label IS 'The person''s own name for it; NULL shows the name of the app.';
COMMENT ON COLUMN platform.desktop_shortcuts."order" IS 'Its turn when icons are arranged automatically.';


CREATE TABLE platform.files (
    id              serial        NOT NULL,
    public_id       varchar(36)   NOT NULL,
    filename        varchar(255)  NOT NULL,
    original_name   varchar(255)  NOT NULL,
    category        varchar(100)  NOT NULL,
    scope           varchar(20)   NOT NULL,
    user_id         integer,
    mime_type       varchar(100)  NOT NULL,
    size            integer       NOT NULL,
    storage_path    text          NOT NULL,
    thumbnail_path  text,
    created_at      timestamptz   NOT NULL DEFAULT now(),
    updated_at      timestamptz   NOT NULL DEFAULT now(),

    CONSTRAINT files_pkey PRIMARY KEY (id),
    CONSTRAINT files_public_id_key UNIQUE (public_id),
    CONSTRAINT files_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users (id) ON DELETE SET NULL,
    CONSTRAINT files_scope_check CHECK (scope::text IN ('shared', 'user')),
    CONSTRAINT files_size_check CHECK (size >= 0)
);

CREATE INDEX files_user_id_idx ON platform.files (user_id);

COMMENT ON TABLE platform.files IS 'An uploaded file. Its bytes are on disk; this row says where and what they are.';
COMMENT ON COLUMN platform.files.public_id IS 'UUID, as text, that addresses use in place of the id.';
COMMENT ON COLUMN platform.files.filename IS 'The name it is stored under, unique within its folder.';
COMMENT ON COLUMN platform.files.original_name IS 'The name it had on the computer it came from.';
COMMENT ON COLUMN platform.files.category IS 'What it is for, such as avatars or backgrounds.';
COMMENT ON COLUMN platform.files.scope IS 'user belongs to one person, shared to everybody.';
COMMENT ON COLUMN platform.files.user_id IS 'The owner; NULL when it is shared, or when the owner is gone.';
COMMENT ON COLUMN platform.files.size IS 'Bytes.';
COMMENT ON COLUMN platform.files.storage_path IS 'Path below the folder of uploads.';
COMMENT ON COLUMN platform.files.thumbnail_path IS 'Path of the small picture, if there is one.';


-- ---------------------------------------------------------------------------------------------------------------------
-- Languages and appearance
-- ---------------------------------------------------------------------------------------------------------------------

CREATE TABLE platform.locales (
    id           serial        NOT NULL,
    code         varchar(10)   NOT NULL,
    name         varchar(100)  NOT NULL,
    native_name  varchar(100)  NOT NULL,
    is_active    boolean       NOT NULL DEFAULT true,
    created_at   timestamptz   NOT NULL DEFAULT now(),

    CONSTRAINT locales_pkey PRIMARY KEY (id),
    CONSTRAINT locales_code_key UNIQUE (code)
);

COMMENT ON TABLE platform.locales IS 'A language of the desktop. One that is in use is switched off, not deleted.';
COMMENT ON COLUMN platform.locales.code IS 'Short code, such as hu or en.';
COMMENT ON COLUMN platform.locales.name IS 'Its name in English.';
COMMENT ON COLUMN platform.locales.native_name IS 'Its name in the language itself.';
COMMENT ON COLUMN platform.locales.is_active IS 'Whether people may choose it.';


CREATE TABLE platform.translations (
    id          serial        NOT NULL,
    locale      varchar(10)   NOT NULL,
    namespace   varchar(100)  NOT NULL,
    key         varchar(255)  NOT NULL,
    value       text          NOT NULL,
    created_at  timestamptz   NOT NULL DEFAULT now(),
    updated_at  timestamptz   NOT NULL DEFAULT now(),

    CONSTRAINT translations_pkey PRIMARY KEY (id),
    CONSTRAINT translations_locale_namespace_key_key UNIQUE (locale, namespace, key),
    CONSTRAINT translations_locale_fkey FOREIGN KEY (locale) REFERENCES platform.locales (code) ON UPDATE CASCADE
);

COMMENT ON TABLE platform.translations IS 'One text of the user interface in one language.';
COMMENT ON COLUMN platform.translations.locale IS 'The language (platform.locales.code).';
COMMENT ON COLUMN platform.translations.namespace IS 'The part of the interface it belongs to: common, settings, …, or plugin: and the plugin''s app_id.';
COMMENT ON COLUMN platform.translations.key IS 'Dotted name of the text within its namespace; the same in every language.';
COMMENT ON COLUMN platform.translations.value IS 'The text; names in braces are filled in when it is shown.';


CREATE TABLE platform.theme_presets (
    id           serial       NOT NULL,
    locale       varchar(10)  NOT NULL DEFAULT 'hu',
    name         text         NOT NULL,
    description  text,
    settings     jsonb        NOT NULL,
    is_default   boolean      NOT NULL DEFAULT false,
    sort_order   integer      NOT NULL DEFAULT 0,
    created_at   timestamptz  NOT NULL DEFAULT now(),
    updated_at   timestamptz  NOT NULL DEFAULT now(),

    CONSTRAINT theme_presets_pkey PRIMARY KEY (id),
    CONSTRAINT theme_presets_locale_name_key UNIQUE (locale, name),
    CONSTRAINT theme_presets_locale_fkey FOREIGN KEY (locale) REFERENCES platform.locales (code) ON UPDATE CASCADE,
    CONSTRAINT theme_presets_settings_check CHECK (
        extensions.validate_json_schema('{"type": "object"}', settings)
    )
);

CREATE INDEX theme_presets_locale_idx ON platform.theme_presets (locale);

COMMENT ON TABLE platform.theme_presets IS 'A ready-made look of the desktop that a person may choose, described in one language.';
COMMENT ON COLUMN platform.theme_presets.locale IS 'Language of name and description (platform.locales.code).';
COMMENT ON COLUMN platform.theme_presets.settings IS 'The appearance settings it applies, as a JSON object.';
COMMENT ON COLUMN platform.theme_presets.is_default IS 'Whether it is what new people start with.';
COMMENT ON COLUMN platform.theme_presets.sort_order IS 'Place in the list; smaller comes first.';


-- ---------------------------------------------------------------------------------------------------------------------
-- Mail, notifications and chat
-- ---------------------------------------------------------------------------------------------------------------------

CREATE TABLE platform.email_templates (
    id                uuid          NOT NULL DEFAULT gen_random_uuid(),
    template_type     varchar(100)  NOT NULL,
    locale            varchar(10)   NOT NULL DEFAULT 'hu',
    name              varchar(255)  NOT NULL,
    subject_template  text          NOT NULL,
    html_template     text          NOT NULL,
    text_template     text          NOT NULL,
    required_data     jsonb         NOT NULL DEFAULT '[]',
    optional_data     jsonb         DEFAULT '[]',
    is_active         boolean       NOT NULL DEFAULT true,
    created_at        timestamptz   NOT NULL DEFAULT now(),
    updated_at        timestamptz   NOT NULL DEFAULT now(),

    CONSTRAINT email_templates_pkey PRIMARY KEY (id),
    CONSTRAINT email_templates_template_type_locale_key UNIQUE (template_type, locale),
    CONSTRAINT email_templates_locale_fkey FOREIGN KEY (locale) REFERENCES platform.locales (code) ON UPDATE CASCADE,
    CONSTRAINT email_templates_required_data_check CHECK (
        extensions.validate_json_schema('{"type": "array"}', required_data)
    ),
    CONSTRAINT email_templates_optional_data_check CHECK (
        extensions.validate_json_schema('{"type": "array"}', optional_data)
    )
);

CREATE INDEX email_templates_created_at_idx ON platform.email_templates (created_at);
CREATE INDEX email_templates_is_active_idx ON platform.email_templates (is_active);
CREATE INDEX email_templates_locale_idx ON platform.email_templates (locale);
CREATE INDEX email_templates_template_type_idx ON platform.email_templates (template_type);
CREATE INDEX email_templates_template_type_locale_is_active_idx ON platform.email_templates (template_type, locale, is_active);
CREATE INDEX email_templates_updated_at_idx ON platform.email_templates (updated_at);

COMMENT ON TABLE platform.email_templates IS 'The text of one kind of e-mail in one language.';
COMMENT ON COLUMN platform.email_templates.template_type IS 'The kind of e-mail, such as welcome or password_reset.';
COMMENT ON COLUMN platform.email_templates.locale IS 'The language (platform.locales.code).';
COMMENT ON COLUMN platform.email_templates.name IS 'What people who edit templates see.';
COMMENT ON COLUMN platform.email_templates.subject_template IS 'Subject line, with placeholders.';
COMMENT ON COLUMN platform.email_templates.html_template IS 'Body as HTML, with placeholders.';
COMMENT ON COLUMN platform.email_templates.text_template IS 'Body as plain text, for readers without HTML.';
COMMENT ON COLUMN platform.email_templates.required_data IS 'Names of the placeholders that must be given a value, as a list.';
COMMENT ON COLUMN platform.email_templates.optional_data IS 'Names of the placeholders that may be left out, as a list.';


CREATE TABLE platform.email_logs (
    id             uuid          NOT NULL DEFAULT gen_random_uuid(),
    message_id     varchar(255),
    recipient      varchar(255)  NOT NULL,
    subject        varchar(500)  NOT NULL,
    template_type  varchar(100),
    status         varchar(50)   NOT NULL,
    error_message  text,
    sent_at        timestamptz   DEFAULT now(),
    delivered_at   timestamptz,
    opened_at      timestamptz,
    clicked_at     timestamptz,
    created_at     timestamptz   NOT NULL DEFAULT now(),
    updated_at     timestamptz   NOT NULL DEFAULT now(),

    CONSTRAINT email_logs_pkey PRIMARY KEY (id),
    CONSTRAINT email_logs_status_check CHECK (
        status::text IN ('pending', 'queued', 'sent', 'delivered', 'opened', 'clicked', 'bounced', 'complained', 'failed')
    )
);

CREATE INDEX email_logs_created_at_idx ON platform.email_logs (created_at);
CREATE INDEX email_logs_message_id_idx ON platform.email_logs (message_id);
CREATE INDEX email_logs_recipient_idx ON platform.email_logs (recipient);
CREATE INDEX email_logs_recipient_status_idx ON platform.email_logs (recipient, status);
CREATE INDEX email_logs_status_idx ON platform.email_logs (status);
CREATE INDEX email_logs_status_created_at_idx ON platform.email_logs (status, created_at);

COMMENT ON TABLE platform.email_logs IS 'An e-mail that was sent, or was to be sent, and what became of it.';
COMMENT ON COLUMN platform.email_logs.message_id IS 'What the mail service calls the message; its later reports are matched by it.';
COMMENT ON COLUMN platform.email_logs.template_type IS 'The kind of e-mail (platform.email_templates.template_type); NULL when it was written freely.';
COMMENT ON COLUMN platform.email_logs.status IS 'The last that is known of it.';
COMMENT ON COLUMN platform.email_logs.sent_at IS 'When the mail service took it; NULL while it has not.';


CREATE TABLE platform.notifications (
    id          integer      NOT NULL GENERATED BY DEFAULT AS IDENTITY,
    user_id     integer      NOT NULL,
    app_name    text,
    title       jsonb        NOT NULL,
    message     jsonb        NOT NULL,
    details     jsonb,
    type        text         NOT NULL DEFAULT 'info',
    is_read     boolean      NOT NULL DEFAULT false,
    data        jsonb,
    created_at  timestamptz  NOT NULL DEFAULT now(),
    read_at     timestamptz,

    CONSTRAINT notifications_pkey PRIMARY KEY (id),
    CONSTRAINT notifications_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users (id) ON DELETE CASCADE,
    CONSTRAINT notifications_title_check CHECK (
        extensions.validate_json_schema('{"type": "object", "minProperties": 1, "additionalProperties": {"type": "string"}}', title)
    ),
    CONSTRAINT notifications_message_check CHECK (
        extensions.validate_json_schema('{"type": "object", "minProperties": 1, "additionalProperties": {"type": "string"}}', message)
    ),
    CONSTRAINT notifications_details_check CHECK (
        extensions.validate_json_schema('{"type": "object", "additionalProperties": {"type": "string"}}', details)
    ),
    CONSTRAINT notifications_type_check CHECK (type IN ('info', 'success', 'warning', 'error', 'critical'))
);

CREATE INDEX notifications_user_id_created_at_idx ON platform.notifications (user_id, created_at);

COMMENT ON TABLE platform.notifications IS 'Something a person is told in the notification centre.';
COMMENT ON COLUMN platform.notifications.app_name IS 'The app that sent it; NULL when the system did.';
COMMENT ON COLUMN platform.notifications.title IS 'Localised title.';
COMMENT ON COLUMN platform.notifications.message IS 'Localised text.';
COMMENT ON COLUMN platform.notifications.details IS 'Localised longer text, shown when the notification is opened.';
COMMENT ON COLUMN platform.notifications.type IS 'How serious it is.';
COMMENT ON COLUMN platform.notifications.data IS 'Whatever the app needs when the notification is clicked.';


CREATE TABLE platform.conversations (
    id               serial       NOT NULL,
    participant1_id  integer      NOT NULL,
    participant2_id  integer      NOT NULL,
    last_message_at  timestamptz,
    created_at       timestamptz  NOT NULL DEFAULT now(),

    CONSTRAINT conversations_pkey PRIMARY KEY (id),
    CONSTRAINT conversations_participant1_id_fkey FOREIGN KEY (participant1_id) REFERENCES auth.users (id) ON DELETE CASCADE,
    CONSTRAINT conversations_participant2_id_fkey FOREIGN KEY (participant2_id) REFERENCES auth.users (id) ON DELETE CASCADE
);

CREATE INDEX conversations_participant1_id_idx ON platform.conversations (participant1_id);
CREATE INDEX conversations_participant2_id_idx ON platform.conversations (participant2_id);

COMMENT ON TABLE platform.conversations IS 'A chat between two people.';
COMMENT ON COLUMN platform.conversations.participant1_id IS 'Who started it.';
COMMENT ON COLUMN platform.conversations.participant2_id IS 'Who it was started with.';
COMMENT ON COLUMN platform.conversations.last_message_at IS 'When the newest message was sent; NULL while there is none.';


CREATE TABLE platform.messages (
    id               serial       NOT NULL,
    conversation_id  integer      NOT NULL,
    sender_id        integer      NOT NULL,
    content          text         NOT NULL,
    sent_at          timestamptz  NOT NULL DEFAULT now(),
    read_at          timestamptz,
    is_read          boolean      NOT NULL DEFAULT false,

    CONSTRAINT messages_pkey PRIMARY KEY (id),
    CONSTRAINT messages_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES platform.conversations (id) ON DELETE CASCADE,
    CONSTRAINT messages_sender_id_fkey FOREIGN KEY (sender_id) REFERENCES auth.users (id) ON DELETE CASCADE
);

CREATE INDEX messages_conversation_id_sent_at_idx ON platform.messages (conversation_id, sent_at);
CREATE INDEX messages_sender_id_idx ON platform.messages (sender_id);

COMMENT ON TABLE platform.messages IS 'One message of a chat.';
COMMENT ON COLUMN platform.messages.read_at IS 'When the other person read it; NULL until then.';
COMMENT ON COLUMN platform.messages.is_read IS 'Whether the other person has read it.';


-- ---------------------------------------------------------------------------------------------------------------------
-- Logs
-- ---------------------------------------------------------------------------------------------------------------------

CREATE TABLE auth.audit_logs (
    id             serial       NOT NULL,
    user_id        integer,
    event_type     varchar(50)  NOT NULL,
    resource_type  varchar(50),
    resource_id    integer,
    old_values     jsonb,
    new_values     jsonb,
    ip_address     inet,
    user_agent     text,
    created_at     timestamptz  NOT NULL DEFAULT now(),

    CONSTRAINT audit_logs_pkey PRIMARY KEY (id),
    CONSTRAINT audit_logs_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users (id)
);

CREATE INDEX audit_logs_user_id_idx ON auth.audit_logs (user_id);

COMMENT ON TABLE auth.audit_logs IS 'A change that matters for security: who changed what, from what, to what.';
COMMENT ON COLUMN auth.audit_logs.user_id IS 'Who did it; NULL when the system did.';
COMMENT ON COLUMN auth.audit_logs.event_type IS 'What was done.';
COMMENT ON COLUMN auth.audit_logs.resource_type IS 'Kind of the thing it was done to.';
COMMENT ON COLUMN auth.audit_logs.resource_id IS 'Which one it was done to.';
COMMENT ON COLUMN auth.audit_logs.old_values IS 'The values before.';
COMMENT ON COLUMN auth.audit_logs.new_values IS 'The values after.';
COMMENT ON COLUMN auth.audit_logs.ip_address IS 'Address the request came from.';


CREATE TABLE platform.activity_logs (
    id             uuid          NOT NULL DEFAULT gen_random_uuid(),
    action_key     varchar(255)  NOT NULL,
    user_id        varchar(255),
    resource_type  varchar(100),
    resource_id    varchar(255),
    context        jsonb,
    created_at     timestamptz   NOT NULL DEFAULT now(),

    CONSTRAINT activity_logs_pkey PRIMARY KEY (id)
);

CREATE INDEX activity_logs_action_key_idx ON platform.activity_logs (action_key);
CREATE INDEX activity_logs_created_at_idx ON platform.activity_logs (created_at);
CREATE INDEX activity_logs_user_id_idx ON platform.activity_logs (user_id);

COMMENT ON TABLE platform.activity_logs IS 'What people did, told in the words of the log app.';
COMMENT ON COLUMN platform.activity_logs.action_key IS 'Key of the translation that tells it.';
COMMENT ON COLUMN platform.activity_logs.user_id IS 'Id of who did it, as text: an entry outlives the person.';
COMMENT ON COLUMN platform.activity_logs.resource_type IS 'Kind of the thing it was done to.';
COMMENT ON COLUMN platform.activity_logs.resource_id IS 'Which one it was done to, as text.';
COMMENT ON COLUMN platform.activity_logs.context IS 'Values that the translation is filled in with.';


CREATE TABLE platform.error_logs (
    id          uuid           NOT NULL DEFAULT gen_random_uuid(),
    level       varchar(10)    NOT NULL,
    message     text           NOT NULL,
    source      varchar(50)    NOT NULL,
    stack       text,
    context     jsonb,
    user_id     varchar(255),
    url         varchar(2048),
    method      varchar(10),
    route_id    varchar(255),
    user_agent  text,
    created_at  timestamptz    NOT NULL DEFAULT now(),

    CONSTRAINT error_logs_pkey PRIMARY KEY (id),
    CONSTRAINT error_logs_level_check CHECK (
        level::text IN ('trace', 'debug', 'info', 'warn', 'warning', 'error', 'fatal', 'critical')
    )
);

CREATE INDEX error_logs_created_at_idx ON platform.error_logs (created_at);
CREATE INDEX error_logs_level_idx ON platform.error_logs (level);
CREATE INDEX error_logs_level_created_at_idx ON platform.error_logs (level, created_at);
CREATE INDEX error_logs_source_idx ON platform.error_logs (source);

COMMENT ON TABLE platform.error_logs IS 'What went wrong in the server or in a browser.';
COMMENT ON COLUMN platform.error_logs.level IS 'How serious it is.';
COMMENT ON COLUMN platform.error_logs.source IS 'The part of the program that reported it.';
COMMENT ON COLUMN platform.error_logs.stack IS 'Stack trace.';
COMMENT ON COLUMN platform.error_logs.context IS 'Whatever helps to understand it; any shape.';
COMMENT ON COLUMN platform.error_logs.user_id IS 'Id of who met it, as text: an entry outlives the person.';
COMMENT ON COLUMN platform.error_logs.url IS 'Address of the request.';
COMMENT ON COLUMN platform.error_logs.method IS 'HTTP method of the request.';
COMMENT ON COLUMN platform.error_logs.route_id IS 'Route of the web application that answered.';
