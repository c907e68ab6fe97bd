SET statement_timeout = 0;
SET lock_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SET check_function_bodies = false;
SET client_min_messages = warning;

--
-- Name: pg_trgm; Type: EXTENSION; Schema: -; Owner: -
--

CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;

SET default_tablespace = '';

--
-- Name: ar_internal_metadata; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.ar_internal_metadata (
    key character varying NOT NULL,
    value character varying,
    created_at timestamp(6) without time zone NOT NULL,
    updated_at timestamp(6) without time zone NOT NULL
);

CREATE TABLE public.schema_migrations (
    version character varying NOT NULL
);

CREATE TABLE public.agents (
    id bigint NOT NULL,
    email character varying DEFAULT ''::character varying NOT NULL,
    encrypted_password character varying DEFAULT ''::character varying NOT NULL,
    sign_in_count integer DEFAULT 0 NOT NULL,
    current_sign_in_ip inet,
    settings jsonb DEFAULT '{}'::jsonb,
    roles character varying[] DEFAULT '{}'::character varying[],
    created_at timestamp(6) without time zone NOT NULL,
    updated_at timestamp(6) without time zone NOT NULL
);

CREATE SEQUENCE public.agents_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.agents_id_seq OWNED BY public.agents.id;

CREATE TABLE public.tickets (
    id bigint NOT NULL,
    subject character varying(255) NOT NULL,
    body text,
    state integer DEFAULT 0 NOT NULL,
    priority smallint,
    owner_type character varying,
    owner_id bigint,
    agent_id bigint,
    due_on date,
    estimate interval(0),
    lock_version integer DEFAULT 0,
    discarded_at timestamp without time zone,
    created_at timestamp(6) without time zone NOT NULL,
    updated_at timestamp(6) without time zone NOT NULL
);

CREATE SEQUENCE public.tickets_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.tickets_id_seq OWNED BY public.tickets.id;

CREATE TABLE public.agents_tickets (
    agent_id bigint NOT NULL,
    ticket_id bigint NOT NULL
);

ALTER TABLE ONLY public.agents ALTER COLUMN id SET DEFAULT nextval('public.agents_id_seq'::regclass);
ALTER TABLE ONLY public.tickets ALTER COLUMN id SET DEFAULT nextval('public.tickets_id_seq'::regclass);

ALTER TABLE ONLY public.ar_internal_metadata
    ADD CONSTRAINT ar_internal_metadata_pkey PRIMARY KEY (key);
ALTER TABLE ONLY public.schema_migrations
    ADD CONSTRAINT schema_migrations_pkey PRIMARY KEY (version);
ALTER TABLE ONLY public.agents
    ADD CONSTRAINT agents_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.tickets
    ADD CONSTRAINT tickets_pkey PRIMARY KEY (id);
ALTER TABLE public.tickets
    ADD CONSTRAINT tickets_priority_range CHECK (((priority IS NULL) OR ((priority >= 1) AND (priority <= 5)))) NOT VALID;

CREATE UNIQUE INDEX index_agents_on_email ON public.agents USING btree (email);
CREATE INDEX index_agents_on_roles ON public.agents USING gin (roles);
CREATE INDEX index_tickets_on_owner ON public.tickets USING btree (owner_type, owner_id);
CREATE INDEX index_tickets_on_subject_trigram ON public.tickets USING gin (subject public.gin_trgm_ops);
CREATE INDEX index_tickets_on_lower_subject ON public.tickets USING btree (lower((subject)::text) varchar_pattern_ops);
CREATE INDEX index_tickets_on_state_and_created_at ON public.tickets USING btree (state, created_at DESC NULLS LAST) WHERE (discarded_at IS NULL);
CREATE UNIQUE INDEX index_agents_tickets_on_agent_id_and_ticket_id ON public.agents_tickets USING btree (agent_id, ticket_id);

ALTER TABLE ONLY public.tickets
    ADD CONSTRAINT fk_rails_3b1c9d7f25 FOREIGN KEY (agent_id) REFERENCES public.agents(id) ON DELETE SET NULL;
ALTER TABLE ONLY public.agents_tickets
    ADD CONSTRAINT fk_rails_0f5d8a6c41 FOREIGN KEY (ticket_id) REFERENCES public.tickets(id) NOT VALID;

SET search_path TO "$user", public;

INSERT INTO "schema_migrations" (version) VALUES
('20240101000001'),
('20240215000002');
