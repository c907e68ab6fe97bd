--
-- PostgreSQL database dump
--

\restrict dGhpcyBpcyBub3QgYSBzZWNyZXQ0

-- Dumped from database version 17.6
-- Dumped by pg_dump version 17.6

SET statement_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

CREATE TYPE public.wind AS (
	speed double precision,
	bearing smallint
);

CREATE FUNCTION public.celsius(fahrenheit double precision) RETURNS double precision
    LANGUAGE sql IMMUTABLE STRICT
    RETURN ((fahrenheit - (32)::double precision) / (1.8)::double precision);

SET default_tablespace = '';

SET default_table_access_method = heap;

CREATE TABLE public.stations (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    name text NOT NULL,
    place point NOT NULL,
    elevation real,
    since date,
    CONSTRAINT stations_elevation_check CHECK (((elevation >= ('-500'::integer)::double precision) AND (elevation <= (9000)::double precision)))
);

CREATE TABLE public.readings (
    station_id uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    temperature numeric(4,1),
    humidity smallint,
    wind public.wind,
    raw jsonb,
    dew_point numeric GENERATED ALWAYS AS ((temperature - (((100 - humidity))::numeric / 5.0))) STORED,
    CONSTRAINT humidity_is_a_percentage CHECK (((humidity >= 0) AND (humidity <= 100)))
)
PARTITION BY RANGE (at);

CREATE TABLE public.readings_2025 (
    station_id uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    temperature numeric(4,1),
    humidity smallint,
    wind public.wind,
    raw jsonb,
    dew_point numeric GENERATED ALWAYS AS ((temperature - (((100 - humidity))::numeric / 5.0))) STORED,
    CONSTRAINT humidity_is_a_percentage CHECK (((humidity >= 0) AND (humidity <= 100)))
);

CREATE UNLOGGED TABLE public.incoming (
    line bigint NOT NULL,
    body text
);

ALTER TABLE public.incoming ALTER COLUMN line ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.incoming_line_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 20
    CYCLE
);

CREATE MATERIALIZED VIEW public.daily AS
 SELECT readings.station_id,
    date_trunc('day'::text, readings.at) AS day,
    avg(readings.temperature) AS mean,
    max((readings.wind).speed) AS gust
   FROM public.readings
  GROUP BY readings.station_id, (date_trunc('day'::text, readings.at))
  WITH NO DATA;

ALTER TABLE ONLY public.readings ATTACH PARTITION public.readings_2025 FOR VALUES FROM ('2025-01-01 00:00:00+00') TO ('2026-01-01 00:00:00+00');

COPY public.stations (id, name, place, elevation, since) FROM stdin;
6f2c0c3e-6f3a-4b5e-9a53-8f0b5d1c0a01	Kékestető	(47.87,20.01)	1014	1932-08-01
\.

COPY public.readings_2025 (station_id, at, temperature, humidity, wind, raw) FROM stdin;
6f2c0c3e-6f3a-4b5e-9a53-8f0b5d1c0a01	2025-06-01 12:00:00+00	21.5	55	(3.5,270)	{"a": "\\restrict"}
\.

SELECT pg_catalog.setval('public.incoming_line_seq', 1, false);

ALTER TABLE ONLY public.readings
    ADD CONSTRAINT readings_pkey PRIMARY KEY (station_id, at);

ALTER TABLE ONLY public.readings_2025
    ADD CONSTRAINT readings_2025_pkey PRIMARY KEY (station_id, at);

ALTER TABLE ONLY public.stations
    ADD CONSTRAINT stations_name_key UNIQUE NULLS NOT DISTINCT (name);

ALTER TABLE ONLY public.stations
    ADD CONSTRAINT stations_pkey PRIMARY KEY (id);

CREATE UNIQUE INDEX daily_key ON public.daily USING btree (station_id, day);

CREATE INDEX readings_at_idx ON ONLY public.readings USING brin (at);

CREATE INDEX readings_2025_at_idx ON public.readings_2025 USING brin (at);

CREATE INDEX stations_place_idx ON public.stations USING gist (place);

ALTER INDEX public.readings_at_idx ATTACH PARTITION public.readings_2025_at_idx;

ALTER INDEX public.readings_pkey ATTACH PARTITION public.readings_2025_pkey;

ALTER TABLE public.readings
    ADD CONSTRAINT readings_station_id_fkey FOREIGN KEY (station_id) REFERENCES public.stations(id);

REFRESH MATERIALIZED VIEW public.daily;

\unrestrict dGhpcyBpcyBub3QgYSBzZWNyZXQ0
