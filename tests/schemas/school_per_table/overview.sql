CREATE VIEW school.report AS
    SELECT p.name, g.subject, g.term, g.grade, t.name AS teacher, rank() OVER (PARTITION BY g.subject, g.term ORDER BY g.grade DESC) AS place
    FROM school.grades g JOIN school.pupils p ON p.id = g.pupil LEFT JOIN school.teachers t ON t.id = g.given_by;
