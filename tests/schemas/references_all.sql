-- Foreign keys in every spelling.
create table a (id int primary key, x int, y int, unique (x, y), unique (y));
create table b (
    id int references a, two int references a (id), three int constraint named references a on delete cascade on update set null,
    four int references a on delete set default deferrable, five int references a on update no action initially deferred, six int references a not deferrable,
    x int, y int,
    foreign key (x, y) references a (x, y) match full, constraint b_simple foreign key (y, x) references a (x, y) match simple on delete set null (y),
    foreign key (y) references a (y) on delete set default (y) on update restrict
);
create table c (like b including all, self int references c (key), key int primary key, self2 int);
alter table c add foreign key (self2) references c, add constraint c_to_b foreign key (self) references a (id) not valid;
alter table b add primary key (id), add column seven int not null references c on delete restrict;
alter table b add unique nulls not distinct (two, three), add unique (four) include (five, six) deferrable;
create table parts (id int, day date, primary key (id, day)) partition by range (day);
create table parts_1 partition of parts for values from ('2025-01-01') to ('2025-02-01');
create table of_part (id int, day date, foreign key (id, day) references parts on delete cascade);
create table part_of (a int references a, k int) partition by hash (k);
create table part_of_0 partition of part_of (constraint own foreign key (k) references a) for values with (modulus 1, remainder 0);
create table m (b int references b (id), c int references c, primary key (b, c));
create view edges as select m.b, m.c, a.x, coalesce(a.y, 0) as y, b.seven from m join b on b.id = m.b left join a on a.id = b.id;
