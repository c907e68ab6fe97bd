DROP VIEW wiki.current;
