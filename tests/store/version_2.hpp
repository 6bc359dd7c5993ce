#pragma once

namespace store_contract {

/// A file of schema version 2, as `old_days()` left it, and as `.dump` shows it.
inline constexpr const char* version_2 =
    R"sql(BEGIN TRANSACTION;
CREATE TABLE entitle_meta (
    name  TEXT PRIMARY KEY,
    value ANY NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO entitle_meta VALUES('min_reader',1);
INSERT INTO entitle_meta VALUES('min_writer',1);
INSERT INTO entitle_meta VALUES('policy',8392867245373450245);
INSERT INTO entitle_meta VALUES('schema',2);
CREATE TABLE entitle_customers (
    customer INTEGER PRIMARY KEY,
    id       BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    shape    INTEGER NOT NULL -- counts the changes of the customer's agreements
) STRICT;
INSERT INTO entitle_customers VALUES(1,X'8abb7e7179dc54f999048e3390314ad3',9);
INSERT INTO entitle_customers VALUES(2,X'dc63e0a7ddb25d1d97035a85509d450b',2);
CREATE TABLE entitle_entitlements (
    customer         INTEGER NOT NULL REFERENCES entitle_customers,
    entitlement      INTEGER NOT NULL, -- the number of the command that made it
    id               BLOB NOT NULL CHECK (length(id) = 16),
    place            INTEGER,          -- among those that a case may use: 0 is tried first; null: removed
    phase            TEXT NOT NULL CHECK (phase IN ('draft', 'activated', 'canceled')),
    is_default       INTEGER NOT NULL CHECK (is_default IN (0, 1)),
    has_history      INTEGER NOT NULL CHECK (has_history IN (0, 1)), -- something has moved its balances
    name             TEXT NOT NULL,
    description      TEXT NOT NULL,
    first_day        TEXT NOT NULL,
    last_day         TEXT NOT NULL,
    time_zone        TEXT NOT NULL,
    begins_at        INTEGER NOT NULL, -- microseconds of UTC
    ends_at          INTEGER NOT NULL,
    counts           TEXT NOT NULL CHECK (counts IN ('cases', 'hours', 'money', 'coverage_only')),
    currency         TEXT CHECK ((currency IS NOT NULL) = (counts = 'money')),
    per_term         INTEGER NOT NULL CHECK (per_term > 0), -- base units in a case, an hour, a unit of money
    decrease_on      TEXT NOT NULL CHECK (decrease_on IN ('creation', 'resolution')),
    restricted       INTEGER NOT NULL CHECK (restricted IN (0, 1)),
    priority         INTEGER NOT NULL,
    knowledge_base   TEXT NOT NULL CHECK (knowledge_base IN ('none', 'standard', 'premium')),
    discount_percent INTEGER NOT NULL,
    sla              BLOB,
    made_from        BLOB,             -- a template
    owner            BLOB,
    renewed_from     BLOB,
    PRIMARY KEY (customer, entitlement),
    UNIQUE (id, customer)
) STRICT, WITHOUT ROWID;
INSERT INTO entitle_entitlements VALUES(1,1,X'4a0ab6da1ba75675822e24dc3351c743',0,'activated',1,1,'Mobile Accessories','','2014-01-01','2014-12-31','UTC',1388534400000000,1420070400000000,'cases',NULL,1,'creation',1,100,'none',0,NULL,NULL,NULL,NULL);
INSERT INTO entitle_entitlements VALUES(1,2,X'faf652139c8e5b16b30cbfe1ff910d9c',NULL,'draft',0,0,'Mobile Accessories','','2014-01-01','2014-12-31','UTC',1388534400000000,1420070400000000,'hours',NULL,3600,'resolution',0,100,'none',0,NULL,NULL,NULL,NULL);
INSERT INTO entitle_entitlements VALUES(1,13,X'd21148146ac75fd082b88bcd4903aefb',1,'draft',0,0,'Mobile Accessories','','2014-01-01','2014-12-31','UTC',1388534400000000,1420070400000000,'cases',NULL,1,'creation',0,100,'none',0,NULL,NULL,NULL,NULL);
INSERT INTO entitle_entitlements VALUES(2,1,X'4a0ab6da1ba75675822e24dc3351c743',0,'activated',0,1,'Mobile Accessories','','2014-01-01','2014-12-31','UTC',1388534400000000,1420070400000000,'cases',NULL,1,'creation',1,100,'none',0,NULL,NULL,NULL,NULL);
CREATE TABLE entitle_balances (
    customer    INTEGER NOT NULL,
    entitlement INTEGER NOT NULL,
    place       INTEGER NOT NULL,      -- 0: the entitlement's total; 1, 2, …: its channels
    channel     TEXT CHECK ((channel IS NULL) = (place = 0)),
    listed      INTEGER NOT NULL CHECK (listed IN (0, 1)), -- 0: removed, but still counts old entries
    total       INTEGER NOT NULL,      -- base units, as agreed; 0 for coverage only and what is not listed
    remaining   INTEGER NOT NULL,
    PRIMARY KEY (customer, entitlement, place),
    FOREIGN KEY (customer, entitlement) REFERENCES entitle_entitlements
) STRICT, WITHOUT ROWID;
INSERT INTO entitle_balances VALUES(1,1,0,NULL,1,50,52);
INSERT INTO entitle_balances VALUES(1,1,1,'phone',1,20,20);
INSERT INTO entitle_balances VALUES(1,1,2,'web',0,0,-1);
INSERT INTO entitle_balances VALUES(1,13,0,NULL,1,7,7);
INSERT INTO entitle_balances VALUES(2,1,0,NULL,1,5,3);
INSERT INTO entitle_balances VALUES(2,1,1,'phone',1,2,1);
CREATE TABLE entitle_scope (
    customer    INTEGER NOT NULL,
    entitlement INTEGER NOT NULL,
    kind        TEXT NOT NULL CHECK (kind IN ('contact', 'product', 'asset', 'case_type')),
    place       INTEGER NOT NULL,
    id          BLOB NOT NULL CHECK (length(id) = 16),
    PRIMARY KEY (customer, entitlement, kind, place),
    FOREIGN KEY (customer, entitlement) REFERENCES entitle_entitlements
) STRICT, WITHOUT ROWID;
INSERT INTO entitle_scope VALUES(1,1,'product',0,X'16532f3e1274558094b0d2191d0bfdd3');
INSERT INTO entitle_scope VALUES(1,1,'product',1,X'3d67dea3f5fb5c22a9801a81b757b014');
CREATE TABLE entitle_cases (
    customer        INTEGER NOT NULL,
    support_case    INTEGER NOT NULL,  -- the number of the command that opened it
    id              BLOB NOT NULL CHECK (length(id) = 16),
    entitlement     INTEGER NOT NULL,
    state           TEXT NOT NULL CHECK (state IN ('open', 'resolved', 'canceled')),
    since           INTEGER NOT NULL,  -- it is in that state
    last_number     INTEGER NOT NULL,  -- of the last command about it
    decrement       INTEGER NOT NULL CHECK (decrement IN (0, 1)),
    named           INTEGER NOT NULL CHECK (named IN (0, 1)), -- the host named the entitlement
    deleted         INTEGER NOT NULL CHECK (deleted IN (0, 1)),
    origin          TEXT,
    contact         BLOB,
    product         BLOB,
    asset           BLOB,
    case_type       BLOB,
    posted_number   INTEGER,           -- the entry that stands posted for it
    posted_ordinal  INTEGER,
    posted_quantity INTEGER,
    posted_channel  TEXT,
    PRIMARY KEY (customer, support_case),
    FOREIGN KEY (customer, entitlement) REFERENCES entitle_entitlements
) STRICT, WITHOUT ROWID;
INSERT INTO entitle_cases VALUES(1,4,X'a5718a4530c85755a2512be1e1a5e5a5',1,'resolved',1404205200000000,9,1,0,0,'web',NULL,X'16532f3e1274558094b0d2191d0bfdd3',NULL,NULL,6,1,1,'web');
INSERT INTO entitle_cases VALUES(1,5,X'54259467410f5f34999144a91274dd48',1,'canceled',1404205200000000,10,1,1,0,'web',NULL,X'16532f3e1274558094b0d2191d0bfdd3',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO entitle_cases VALUES(1,7,X'd79968aa03c95058baf13841312e66ee',1,'open',1404205200000000,8,1,0,1,'phone',NULL,X'16532f3e1274558094b0d2191d0bfdd3',NULL,NULL,7,0,1,'phone');
INSERT INTO entitle_cases VALUES(2,3,X'a5718a4530c85755a2512be1e1a5e5a5',1,'open',1404205200000000,3,1,0,0,'phone',NULL,NULL,NULL,NULL,3,0,1,'phone');
INSERT INTO entitle_cases VALUES(2,4,X'54259467410f5f34999144a91274dd48',1,'open',1404205200000000,4,1,0,0,NULL,NULL,NULL,NULL,NULL,4,0,1,NULL);
CREATE TABLE entitle_openings ( -- what a case was opened with, once that has changed
    customer     INTEGER NOT NULL,
    support_case INTEGER NOT NULL,
    named        BLOB,                 -- the entitlement that the host named
    decrement    INTEGER NOT NULL CHECK (decrement IN (0, 1)),
    origin       TEXT,
    contact      BLOB,
    product      BLOB,
    asset        BLOB,
    case_type    BLOB,
    PRIMARY KEY (customer, support_case),
    FOREIGN KEY (customer, support_case) REFERENCES entitle_cases
) STRICT, WITHOUT ROWID;
INSERT INTO entitle_openings VALUES(1,4,NULL,1,'phone',NULL,X'16532f3e1274558094b0d2191d0bfdd3',NULL,NULL);
CREATE TABLE entitle_entries ( -- the ledger: only ever added to
    customer          INTEGER NOT NULL,
    number            INTEGER NOT NULL, -- of the command, 1, 2, … within the customer
    ordinal           INTEGER NOT NULL, -- within the command
    command           INTEGER NOT NULL, -- see entitle_statement
    kind              INTEGER NOT NULL,
    entitlement       INTEGER NOT NULL,
    support_case      INTEGER,
    channel           TEXT,
    total_moved       INTEGER NOT NULL,
    channel_moved     INTEGER NOT NULL,
    remaining         INTEGER NOT NULL, -- after it
    channel_remaining INTEGER NOT NULL,
    reverses_number   INTEGER,
    reverses_ordinal  INTEGER,
    at                INTEGER NOT NULL,
    actor             BLOB,
    request           BLOB,
    reason            TEXT,
    counts            INTEGER NOT NULL, -- 0 cases, 1 hours, 2 money, 3 coverage only
    currency          TEXT,
    archived          INTEGER NOT NULL DEFAULT 0 CHECK (archived IN (0, 1)), -- kept for a request's answer only
    PRIMARY KEY (customer, number, ordinal),
    FOREIGN KEY (customer, entitlement) REFERENCES entitle_entitlements,
    FOREIGN KEY (customer, support_case) REFERENCES entitle_cases
) STRICT, WITHOUT ROWID;
INSERT INTO entitle_entries VALUES(1,1,0,1,0,1,NULL,NULL,0,0,50,0,NULL,NULL,1404205200000000,NULL,X'de65133476a459e097ced529339f0751',NULL,0,NULL,0);
INSERT INTO entitle_entries VALUES(1,2,0,1,0,2,NULL,NULL,0,0,90000,0,NULL,NULL,1404205200000000,NULL,NULL,NULL,1,NULL,0);
INSERT INTO entitle_entries VALUES(1,3,0,7,0,1,NULL,NULL,0,0,50,0,NULL,NULL,1404205200000000,X'f0a883fab98b5e25bfdeec15af73c628',X'06baae25ec925c94af682e894c865d64',NULL,0,NULL,0);
INSERT INTO entitle_entries VALUES(1,4,0,15,1,1,4,'phone',-1,-1,49,19,NULL,NULL,1404205200000000,NULL,X'57bb8734b65c5622b4ef5c680bac0802',NULL,0,NULL,0);
INSERT INTO entitle_entries VALUES(1,5,0,15,1,1,5,'web',-1,-1,48,9,NULL,NULL,1404205200000000,NULL,NULL,NULL,0,NULL,0);
INSERT INTO entitle_entries VALUES(1,6,0,19,2,1,4,'phone',1,1,49,20,4,0,1404205200000000,NULL,X'4ebfe922687650bc96e17bb3d52f5b76',NULL,0,NULL,0);
INSERT INTO entitle_entries VALUES(1,6,1,19,1,1,4,'web',-1,-1,48,8,NULL,NULL,1404205200000000,NULL,X'4ebfe922687650bc96e17bb3d52f5b76',NULL,0,NULL,0);
INSERT INTO entitle_entries VALUES(1,7,0,15,1,1,7,'phone',-1,-1,47,19,NULL,NULL,1404205200000000,NULL,NULL,NULL,0,NULL,0);
INSERT INTO entitle_entries VALUES(1,8,0,26,2,1,7,'phone',1,1,48,20,7,0,1404205200000000,NULL,NULL,NULL,0,NULL,0);
INSERT INTO entitle_entries VALUES(1,9,0,16,0,1,4,'web',0,0,48,8,NULL,NULL,1404205200000000,NULL,NULL,NULL,0,NULL,0);
INSERT INTO entitle_entries VALUES(1,10,0,17,2,1,5,'web',1,1,49,9,5,0,1404205200000000,NULL,X'51cd78b1e47b5b9aace7e3b173f88215',NULL,0,NULL,0);
INSERT INTO entitle_entries VALUES(1,11,0,13,3,1,NULL,NULL,3,0,52,0,NULL,NULL,1404205200000000,NULL,NULL,'a gift',0,NULL,0);
INSERT INTO entitle_entries VALUES(1,12,0,12,0,2,NULL,NULL,0,0,90000,0,NULL,NULL,1404205200000000,NULL,NULL,NULL,1,NULL,0);
INSERT INTO entitle_entries VALUES(1,13,0,1,0,13,NULL,NULL,0,0,7,0,NULL,NULL,1404205200000000,NULL,NULL,NULL,0,NULL,0);
INSERT INTO entitle_entries VALUES(1,14,0,8,0,1,NULL,NULL,0,0,52,0,NULL,NULL,1404205200000000,NULL,NULL,NULL,0,NULL,0);
INSERT INTO entitle_entries VALUES(1,15,0,4,0,1,NULL,NULL,0,0,52,0,NULL,NULL,1404205200000000,NULL,NULL,NULL,0,NULL,0);
INSERT INTO entitle_entries VALUES(1,16,0,7,0,1,NULL,NULL,0,0,52,0,NULL,NULL,1404205200000000,NULL,NULL,NULL,0,NULL,0);
INSERT INTO entitle_entries VALUES(1,17,0,11,0,1,NULL,NULL,0,0,52,0,NULL,NULL,1404205200000000,NULL,X'322c80a564b752c194110c2f97ee1ccd',NULL,0,NULL,0);
INSERT INTO entitle_entries VALUES(2,3,0,15,1,1,3,'phone',-1,-1,4,1,NULL,NULL,1404205200000000,NULL,X'57bb8734b65c5622b4ef5c680bac0802',NULL,0,NULL,1);
INSERT INTO entitle_entries VALUES(2,4,0,15,1,1,4,NULL,-1,0,3,0,NULL,NULL,1404205200000000,NULL,NULL,NULL,0,NULL,0);
CREATE TABLE entitle_requests ( -- the first answer under each request id
    request      BLOB NOT NULL CHECK (length(request) = 16),
    customer     INTEGER NOT NULL REFERENCES entitle_customers,
    arguments    INTEGER NOT NULL,     -- fingerprint
    at           INTEGER NOT NULL,
    number       INTEGER,              -- whose entries are the answer; null: nothing was recorded, but said:
)sql"
    R"sql(    command      INTEGER,
    entitlement  BLOB,
    support_case BLOB,
    remaining    INTEGER,
    counts       INTEGER,
    currency     TEXT,
    PRIMARY KEY (request, customer)
) STRICT, WITHOUT ROWID;
INSERT INTO entitle_requests VALUES(X'06baae25ec925c94af682e894c865d64',1,-2965524951904323635,1404205200000000,3,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO entitle_requests VALUES(X'322c80a564b752c194110c2f97ee1ccd',1,-3629493003798828227,1404205200000000,17,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO entitle_requests VALUES(X'4ebfe922687650bc96e17bb3d52f5b76',1,3089797725045349923,1404205200000000,6,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO entitle_requests VALUES(X'51cd78b1e47b5b9aace7e3b173f88215',1,-944346304111886041,1404205200000000,10,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO entitle_requests VALUES(X'57bb8734b65c5622b4ef5c680bac0802',1,-4475271691711001729,1404205200000000,4,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO entitle_requests VALUES(X'57bb8734b65c5622b4ef5c680bac0802',2,-7209342615816713539,1404205200000000,3,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO entitle_requests VALUES(X'c6b42e4c620d5afba81ad8129fb229a8',1,-3629493003798828227,1404205200000000,NULL,11,X'4a0ab6da1ba75675822e24dc3351c743',NULL,52,0,NULL);
INSERT INTO entitle_requests VALUES(X'de65133476a459e097ced529339f0751',1,-308177552343726115,1404205200000000,1,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE entitle_seals ( -- the head of the chain after each sealed command
    customer INTEGER NOT NULL REFERENCES entitle_customers,
    number   INTEGER NOT NULL,
    head     BLOB NOT NULL CHECK (length(head) = 32),
    PRIMARY KEY (customer, number)
) STRICT, WITHOUT ROWID;
INSERT INTO entitle_seals VALUES(1,1,X'10ae9e4ed52ddcd5d2f07ecbf4815fb71fcf69bfd28c5d2a581e5451de086749');
INSERT INTO entitle_seals VALUES(1,2,X'dc46c9385b334aa4f09cbae81e9bf0514ee30f2b97bf94080bf8d8e61bfc1300');
INSERT INTO entitle_seals VALUES(1,3,X'e67fed6dffa18c0559c3e2367f7013182d9ca0bf4c45443959a0008ac9f43290');
INSERT INTO entitle_seals VALUES(1,4,X'92ec7aa08fa17d0218e925b859ba0fac51d7a4d4960ec8c291cc217a712b6fe3');
INSERT INTO entitle_seals VALUES(1,5,X'97fbad4523c67c8f4baa423e4cf953996668470aba89d88d7ac378599f0538dc');
INSERT INTO entitle_seals VALUES(1,6,X'94bff5a63ff7f37f1cacd358554172202bee550865102b2ac09486586b0f7bc8');
INSERT INTO entitle_seals VALUES(1,7,X'8519c45827cd7b374049f94828a82c525d9a883b0efbe9fd4e8f0b72b89e5204');
INSERT INTO entitle_seals VALUES(1,8,X'62ba293afc18cd1e4e574df487531b481d7701928ddbb1c20f4f11bf188b99e3');
INSERT INTO entitle_seals VALUES(1,9,X'9fdab24e584de146cff10cb5ce1bad94898b8ef2289e3a1ff1d1d53a4fae39cb');
INSERT INTO entitle_seals VALUES(1,10,X'75b955fdae94b5b36272b14a256e3f595256e6fb125a5f71f2f4235776e207bf');
INSERT INTO entitle_seals VALUES(1,11,X'605e56173bfa8cb690da0c1bdfccb406c3e2b4ccdd9ce579d8c4c75bd4bdbe63');
INSERT INTO entitle_seals VALUES(1,12,X'49953330e2f31427028ccf6dd44a30f508dcda3307e932e0a9625cdf572ab8d2');
INSERT INTO entitle_seals VALUES(1,13,X'bd29446ba48140fd26425788d126a4d7b2ced240d77f9e43e4ff1b374c4306b2');
INSERT INTO entitle_seals VALUES(1,14,X'89405fb0a75b1b1bb59b147f92d65fac10905afd17c64cba9523844db8023eba');
INSERT INTO entitle_seals VALUES(1,15,X'4a331f0bdaf4bf7b47901e42ddfe3c74ee0ba49d3922d8d3f835f266378e0e68');
INSERT INTO entitle_seals VALUES(1,16,X'8ede27570304e0e5cac44c8c1dcab1fc82e9c1c160186734465dec6ed6dd0903');
INSERT INTO entitle_seals VALUES(1,17,X'f7a88384e686837c9d1a2d8c39d09f3b98252bcdf59ad2e39b2178568a1cd083');
INSERT INTO entitle_seals VALUES(2,4,X'49b8652cb051fbb885781e3c1a1e16719e7b875ca7f1f30693a81440dd1ec3cd');
CREATE TABLE entitle_bases ( -- where a ledger begins whose older entries were archived
    customer INTEGER PRIMARY KEY REFERENCES entitle_customers,
    number   INTEGER NOT NULL,         -- of the last command archived
    head     BLOB NOT NULL CHECK (length(head) = 32)
) STRICT;
INSERT INTO entitle_bases VALUES(2,3,X'149a54c0c9041e77c9b5d23a0fce0a8c1b18c15c94a4a9546ad7cbff07a5fc0e');
CREATE TABLE entitle_base_counters ( -- each balance as the archived entries left it
    customer     INTEGER NOT NULL REFERENCES entitle_bases,
    place        INTEGER NOT NULL,
    entitlement  BLOB NOT NULL CHECK (length(entitlement) = 16),
    channel      TEXT,                 -- null: the total
    moved        INTEGER NOT NULL,
    after        INTEGER NOT NULL,
    last_number  INTEGER,
    last_ordinal INTEGER,
    revised      INTEGER NOT NULL,     -- the last command that changed what was agreed
    PRIMARY KEY (customer, place)
) STRICT, WITHOUT ROWID;
INSERT INTO entitle_base_counters VALUES(2,0,X'4a0ab6da1ba75675822e24dc3351c743',NULL,-1,4,3,0,1);
INSERT INTO entitle_base_counters VALUES(2,1,X'4a0ab6da1ba75675822e24dc3351c743','phone',-1,1,3,0,1);
CREATE TABLE entitle_base_cases ( -- each case as the archived entries left it
    customer        INTEGER NOT NULL REFERENCES entitle_bases,
    place           INTEGER NOT NULL,
    id              BLOB NOT NULL CHECK (length(id) = 16),
    entitlement     BLOB NOT NULL CHECK (length(entitlement) = 16),
    state           TEXT NOT NULL CHECK (state IN ('open', 'resolved', 'canceled')),
    since           INTEGER NOT NULL,
    last_number     INTEGER NOT NULL,
    posted_number   INTEGER,
    posted_ordinal  INTEGER,
    posted_quantity INTEGER,
    posted_channel  TEXT,
    PRIMARY KEY (customer, place)
) STRICT, WITHOUT ROWID;
INSERT INTO entitle_base_cases VALUES(2,0,X'a5718a4530c85755a2512be1e1a5e5a5',X'4a0ab6da1ba75675822e24dc3351c743','open',1404205200000000,3,3,0,1,'phone');
CREATE UNIQUE INDEX entitle_cases_by_id ON entitle_cases (id, customer) WHERE deleted = 0;
CREATE VIEW entitle_left AS -- what each customer has left
SELECT lower(substr(hex(c.id),1,8)||'-'||substr(hex(c.id),9,4)||'-'||substr(hex(c.id),13,4)||'-'||substr(hex(c.id),17,4)||'-'||substr(hex(c.id),21)) AS customer, lower(substr(hex(e.id),1,8)||'-'||substr(hex(e.id),9,4)||'-'||substr(hex(e.id),13,4)||'-'||substr(hex(e.id),17,4)||'-'||substr(hex(e.id),21)) AS entitlement, e.name, e.phase, e.first_day, e.last_day, e.time_zone, e.counts, ifnull(b.channel, '(total)') AS counter, b.listed, iif(e.counts = 'coverage_only' AND b.place = 0, 'any', CASE e.counts WHEN 'hours' THEN printf('%s%d:%02d:%02d', iif(b.total < 0, '-', ''), abs(b.total) / 3600, abs(b.total) / 60 % 60, abs(b.total) % 60) WHEN 'money' THEN printf('%s%d%s %s', iif(b.total < 0, '-', ''), abs(b.total) / e.per_term, iif(e.per_term = 1, '', '.' || substr('000' || (abs(b.total) % e.per_term), 1 - length(e.per_term))), e.currency) ELSE b.total || '' END) AS total, CASE e.counts WHEN 'hours' THEN printf('%s%d:%02d:%02d', iif(b.remaining < 0, '-', ''), abs(b.remaining) / 3600, abs(b.remaining) / 60 % 60, abs(b.remaining) % 60) WHEN 'money' THEN printf('%s%d%s %s', iif(b.remaining < 0, '-', ''), abs(b.remaining) / e.per_term, iif(e.per_term = 1, '', '.' || substr('000' || (abs(b.remaining) % e.per_term), 1 - length(e.per_term))), e.currency) ELSE b.remaining || '' END AS remaining
FROM entitle_entitlements e JOIN entitle_customers c USING (customer)
JOIN entitle_balances b ON b.customer = e.customer AND b.entitlement = e.entitlement
WHERE e.place IS NOT NULL ORDER BY e.customer, e.entitlement, b.place
;
CREATE VIEW entitle_statement AS -- every entry, with the balances after it
SELECT lower(substr(hex(c.id),1,8)||'-'||substr(hex(c.id),9,4)||'-'||substr(hex(c.id),13,4)||'-'||substr(hex(c.id),17,4)||'-'||substr(hex(c.id),21)) AS customer, n.number, n.ordinal, strftime('%Y-%m-%dT%H:%M:%SZ', n.at / 1000000, 'unixepoch') AS at,
CASE n.command WHEN 1 THEN 'draft' WHEN 2 THEN 'revise' WHEN 3 THEN 'set_channel' WHEN 4 THEN 'remove_channel' WHEN 5 THEN 'revise_scope' WHEN 6 THEN 'amend' WHEN 7 THEN 'activate' WHEN 8 THEN 'deactivate' WHEN 9 THEN 'cancel' WHEN 10 THEN 'renew' WHEN 11 THEN 'set_default' WHEN 12 THEN 'remove' WHEN 13 THEN 'adjust' WHEN 14 THEN 'import_entitlement' WHEN 15 THEN 'open_case' WHEN 16 THEN 'resolve_case' WHEN 17 THEN 'cancel_case' WHEN 18 THEN 'reactivate_case' WHEN 19 THEN 'change_origin' WHEN 20 THEN 'change_entitlement' WHEN 21 THEN 'change_contact' WHEN 22 THEN 'change_product' WHEN 23 THEN 'change_asset' WHEN 24 THEN 'change_case_type' WHEN 25 THEN 'set_decrement' WHEN 26 THEN 'delete_case' ELSE n.command END AS command,
CASE n.kind WHEN 0 THEN 'note' WHEN 1 THEN 'posting' WHEN 2 THEN 'reversal' WHEN 3 THEN 'adjustment' WHEN 4 THEN 'carried_in' ELSE n.kind END AS kind,
lower(substr(hex(e.id),1,8)||'-'||substr(hex(e.id),9,4)||'-'||substr(hex(e.id),13,4)||'-'||substr(hex(e.id),17,4)||'-'||substr(hex(e.id),21)) AS entitlement, e.name, lower(substr(hex(k.id),1,8)||'-'||substr(hex(k.id),9,4)||'-'||substr(hex(k.id),13,4)||'-'||substr(hex(k.id),17,4)||'-'||substr(hex(k.id),21)) AS support_case, CASE e.counts WHEN 'hours' THEN printf('%s%d:%02d:%02d', iif(n.total_moved < 0, '-', ''), abs(n.total_moved) / 3600, abs(n.total_moved) / 60 % 60, abs(n.total_moved) % 60) WHEN 'money' THEN printf('%s%d%s %s', iif(n.total_moved < 0, '-', ''), abs(n.total_moved) / e.per_term, iif(e.per_term = 1, '', '.' || substr('000' || (abs(n.total_moved) % e.per_term), 1 - length(e.per_term))), e.currency) ELSE n.total_moved || '' END AS moved, CASE e.counts WHEN 'hours' THEN printf('%s%d:%02d:%02d', iif(n.remaining < 0, '-', ''), abs(n.remaining) / 3600, abs(n.remaining) / 60 % 60, abs(n.remaining) % 60) WHEN 'money' THEN printf('%s%d%s %s', iif(n.remaining < 0, '-', ''), abs(n.remaining) / e.per_term, iif(e.per_term = 1, '', '.' || substr('000' || (abs(n.remaining) % e.per_term), 1 - length(e.per_term))), e.currency) ELSE n.remaining || '' END AS remaining, n.channel, iif(n.channel IS NULL, NULL, CASE e.counts WHEN 'hours' THEN printf('%s%d:%02d:%02d', iif(n.channel_moved < 0, '-', ''), abs(n.channel_moved) / 3600, abs(n.channel_moved) / 60 % 60, abs(n.channel_moved) % 60) WHEN 'money' THEN printf('%s%d%s %s', iif(n.channel_moved < 0, '-', ''), abs(n.channel_moved) / e.per_term, iif(e.per_term = 1, '', '.' || substr('000' || (abs(n.channel_moved) % e.per_term), 1 - length(e.per_term))), e.currency) ELSE n.channel_moved || '' END) AS channel_moved, iif(n.channel IS NULL, NULL, CASE e.counts WHEN 'hours' THEN printf('%s%d:%02d:%02d', iif(n.channel_remaining < 0, '-', ''), abs(n.channel_remaining) / 3600, abs(n.channel_remaining) / 60 % 60, abs(n.channel_remaining) % 60) WHEN 'money' THEN printf('%s%d%s %s', iif(n.channel_remaining < 0, '-', ''), abs(n.channel_remaining) / e.per_term, iif(e.per_term = 1, '', '.' || substr('000' || (abs(n.channel_remaining) % e.per_term), 1 - length(e.per_term))), e.currency) ELSE n.channel_remaining || '' END) AS channel_remaining, n.reverses_number, lower(substr(hex(n.actor),1,8)||'-'||substr(hex(n.actor),9,4)||'-'||substr(hex(n.actor),13,4)||'-'||substr(hex(n.actor),17,4)||'-'||substr(hex(n.actor),21)) AS actor, n.reason
FROM entitle_entries n JOIN entitle_customers c USING (customer)
LEFT JOIN entitle_entitlements e ON e.customer = n.customer AND e.entitlement = n.entitlement
LEFT JOIN entitle_cases k ON k.customer = n.customer AND k.support_case = n.support_case
WHERE n.archived = 0 ORDER BY n.customer, n.number, n.ordinal
;
CREATE VIEW entitle_case_list AS -- the cases, and what stands posted for each
)sql"
    R"sql(SELECT lower(substr(hex(c.id),1,8)||'-'||substr(hex(c.id),9,4)||'-'||substr(hex(c.id),13,4)||'-'||substr(hex(c.id),17,4)||'-'||substr(hex(c.id),21)) AS customer, lower(substr(hex(k.id),1,8)||'-'||substr(hex(k.id),9,4)||'-'||substr(hex(k.id),13,4)||'-'||substr(hex(k.id),17,4)||'-'||substr(hex(k.id),21)) AS support_case, k.state, strftime('%Y-%m-%dT%H:%M:%SZ', k.since / 1000000, 'unixepoch') AS since, k.origin, lower(substr(hex(e.id),1,8)||'-'||substr(hex(e.id),9,4)||'-'||substr(hex(e.id),13,4)||'-'||substr(hex(e.id),17,4)||'-'||substr(hex(e.id),21)) AS entitlement, e.name, k.decrement, k.posted_number, CASE e.counts WHEN 'hours' THEN printf('%s%d:%02d:%02d', iif(k.posted_quantity < 0, '-', ''), abs(k.posted_quantity) / 3600, abs(k.posted_quantity) / 60 % 60, abs(k.posted_quantity) % 60) WHEN 'money' THEN printf('%s%d%s %s', iif(k.posted_quantity < 0, '-', ''), abs(k.posted_quantity) / e.per_term, iif(e.per_term = 1, '', '.' || substr('000' || (abs(k.posted_quantity) % e.per_term), 1 - length(e.per_term))), e.currency) ELSE k.posted_quantity || '' END AS posted, k.posted_channel
FROM entitle_cases k JOIN entitle_customers c USING (customer)
JOIN entitle_entitlements e ON e.customer = k.customer AND e.entitlement = k.entitlement
WHERE k.deleted = 0 ORDER BY k.customer, k.support_case
;
COMMIT;
)sql";

}  // namespace store_contract
