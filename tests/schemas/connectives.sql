-- Conditions in which a connective stands behind a range: what belongs to the bound and what does not.
CREATE TABLE bookings (
    id integer PRIMARY KEY,
    nights integer NOT NULL CHECK (nights BETWEEN 1 AND 30 OR NOT nights > 0),
    guests integer,
    paid boolean NOT NULL DEFAULT false,
    CONSTRAINT few CHECK (guests between 1 and 10 or not paid),
    CONSTRAINT many CHECK (guests NOT BETWEEN 1 AND 2 + 3 AND paid OR Not paid AND guests IS NULL OR NOT (paid))
);

CREATE INDEX open_bookings ON bookings (id) WHERE nights BETWEEN 2 AND 3 OR NOT paid;

CREATE VIEW odd_bookings AS
    SELECT id, nights BETWEEN 1 AND 10 OR NOT paid AS odd, guests
    FROM bookings
    WHERE guests BETWEEN SYMMETRIC 10 AND 1 OR NOT EXISTS (SELECT FROM bookings b WHERE b.id BETWEEN 1 AND 2 OR NOT b.paid);
