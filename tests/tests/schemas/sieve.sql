-- Tables whose triggers leave out rows.
CREATE SCHEMA sieve;

CREATE FUNCTION sieve.leave_out() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;

CREATE TABLE sieve.grains (id serial PRIMARY KEY, size integer NOT NULL UNIQUE, note text DEFAULT 'none');
CREATE TRIGGER sifted BEFORE INSERT ON sieve.grains FOR EACH ROW WHEN (NEW.size % 3 = 0) EXECUTE FUNCTION sieve.leave_out();
CREATE TRIGGER kept BEFORE UPDATE ON sieve.grains FOR EACH ROW WHEN (OLD.note = 'kept') EXECUTE FUNCTION sieve.leave_out();

CREATE TABLE sieve.dust (id serial PRIMARY KEY, size integer NOT NULL);

CREATE TABLE sieve.stones (id serial, size integer NOT NULL) PARTITION BY RANGE (size);
CREATE TABLE sieve.small_stones PARTITION OF sieve.stones FOR VALUES FROM (0) TO (10);
CREATE TABLE sieve.big_stones PARTITION OF sieve.stones FOR VALUES FROM (10) TO (100);
CREATE TRIGGER sifted BEFORE INSERT ON sieve.small_stones FOR EACH ROW EXECUTE FUNCTION sieve.leave_out();
