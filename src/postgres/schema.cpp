#include "schema.hpp"

#include <array>
#include <cstddef>

namespace entitle::inline v0::postgres {

namespace {

// Whoever distributes the tables over several servers does it by customer_id: it is in every key and every
// reference, and nothing is counted that customers share, so that a command needs one server and waits for no
// other customer's. What each command changes is one row, the customer's.
//
// Instants are microseconds of UTC since 1970, and days are texts: both reach further back than PostgreSQL's
// own (4713 BC), and a store refuses nothing that the rules accept. Quantities are base units: cases, seconds,
// minor units of the currency. The views show all of them as people write them.
//
// Where each command writes there are no CHECKs: the server reads them anew for each statement, which was a sixth of
// its work. What the store reads it checks.
constexpr Sql tables = R"(
CREATE TABLE entitle_meta ( -- few and small: where tables are distributed, each server has a copy
    name  text PRIMARY KEY,
    value bigint NOT NULL
);
COMMENT ON TABLE entitle_meta IS 'the version of these tables, and the policy under which they are written';

CREATE TABLE entitle_customers (
    customer_id uuid PRIMARY KEY,
    shape       bigint NOT NULL DEFAULT 0,
    last_number bigint NOT NULL DEFAULT 0,
    counters    bigint[] NOT NULL DEFAULT '{}',
    moved       boolean[] NOT NULL DEFAULT '{}'
) WITH (fillfactor = 70); -- room for the next version of a row beside it
COMMENT ON TABLE entitle_customers IS 'what every command of a customer locks and changes: one row';
COMMENT ON COLUMN entitle_customers.shape IS 'counts the changes of the customer''s agreements';
COMMENT ON COLUMN entitle_customers.last_number IS 'of the customer''s commands: 1, 2, ...';
COMMENT ON COLUMN entitle_customers.counters IS
    'what is left, in base units: of each entitlement, by its place, in total and then on each of its channels';
COMMENT ON COLUMN entitle_customers.moved IS
    'of each entitlement, by its place: whether something has moved its counters yet';

CREATE TABLE entitle_entitlements (
    customer_id      uuid NOT NULL REFERENCES entitle_customers,
    entitlement_id   uuid NOT NULL,
    made_by          bigint NOT NULL CHECK (made_by > 0),
    place            integer CHECK (place >= 0),
    first_counter    integer CHECK ((first_counter IS NULL) = (place IS NULL) AND first_counter > 0),
    phase            text NOT NULL CHECK (phase IN ('draft', 'activated', 'canceled')),
    is_default       boolean NOT NULL,
    name             text NOT NULL,
    description      text NOT NULL,
    first_day        text NOT NULL,
    last_day         text NOT NULL,
    time_zone        text NOT NULL,
    begins_at        bigint NOT NULL,
    ends_at          bigint NOT NULL,
    counts           text NOT NULL CHECK (counts IN ('cases', 'hours', 'money', 'coverage_only')),
    currency         text CHECK ((currency IS NOT NULL) = (counts = 'money')),
    per_term         bigint NOT NULL CHECK (per_term > 0),
    decrease_on      text NOT NULL CHECK (decrease_on IN ('creation', 'resolution')),
    restricted       boolean NOT NULL,
    priority         integer NOT NULL,
    knowledge_base   text NOT NULL CHECK (knowledge_base IN ('none', 'standard', 'premium')),
    discount_percent integer NOT NULL,
    sla_id           uuid,
    template_id      uuid,
    owner_id         uuid,
    renewed_from     uuid,
    total            bigint NOT NULL,
    channels         text[] NOT NULL,
    channel_totals   bigint[] NOT NULL CHECK (cardinality(channel_totals) = cardinality(channels)),
    contacts         uuid[] NOT NULL,
    products         uuid[] NOT NULL,
    assets           uuid[] NOT NULL,
    case_types       uuid[] NOT NULL,
    PRIMARY KEY (customer_id, entitlement_id)
);
CREATE INDEX entitle_entitlements_by_id ON entitle_entitlements (entitlement_id);
COMMENT ON TABLE entitle_entitlements IS 'what was agreed; what is left of it stands with the customer';
COMMENT ON COLUMN entitle_entitlements.made_by IS 'the number of the command that made it';
COMMENT ON COLUMN entitle_entitlements.place IS
    'among those that a case may use: 0 is tried first; null: removed';
COMMENT ON COLUMN entitle_entitlements.first_counter IS
    'where its total stands among the customer''s counters; its channels follow';
COMMENT ON COLUMN entitle_entitlements.per_term IS 'base units in a case, an hour, a unit of money';
COMMENT ON COLUMN entitle_entitlements.channel_totals IS
    'in the order of the channels; null: removed, but it still counts old entries';

CREATE TABLE entitle_cases (
    customer_id          uuid NOT NULL,
    opened               bigint NOT NULL,
    case_id              uuid NOT NULL,
    entitlement_id       uuid NOT NULL,
    state                text NOT NULL,
    since                bigint NOT NULL,
    last_number          bigint NOT NULL,
    decrement            boolean NOT NULL,
    named                boolean NOT NULL,
    origin               text,
    contact_id           uuid,
    product_id           uuid,
    asset_id             uuid,
    case_type_id         uuid,
    posted_number        bigint,
    posted_ordinal       integer,
    posted_quantity      bigint,
    posted_channel       text,
    first_decrement      boolean,
    first_entitlement_id uuid,
    first_origin         text,
    first_contact_id     uuid,
    first_product_id     uuid,
    first_asset_id       uuid,
    first_case_type_id   uuid,
    PRIMARY KEY (customer_id, opened),
    UNIQUE (case_id, customer_id) -- the case first: whose a case is may be asked
) WITH (fillfactor = 85);
COMMENT ON TABLE entitle_cases IS 'the cases that are not deleted, and what stands posted for each';
COMMENT ON COLUMN entitle_cases.opened IS 'the number of the command that opened it';
COMMENT ON COLUMN entitle_cases.last_number IS 'of the last command about it';
COMMENT ON COLUMN entitle_cases.since IS 'it is in that state';
COMMENT ON COLUMN entitle_cases.named IS 'the host named the entitlement';
COMMENT ON COLUMN entitle_cases.posted_number IS 'the entry that stands posted for it';
COMMENT ON COLUMN entitle_cases.first_decrement IS
    'this and the columns after it: what it was opened with, once that has changed';

CREATE TABLE entitle_entries (
    customer_id       uuid NOT NULL,
    number            bigint NOT NULL,
    ordinal           integer NOT NULL,
    command           smallint NOT NULL,
    kind              smallint NOT NULL,
    entitlement_id    uuid NOT NULL,
    case_id           uuid,
    channel           text,
    total_moved       bigint NOT NULL,
    channel_moved     bigint NOT NULL,
    remaining         bigint NOT NULL,
    channel_remaining bigint NOT NULL,
    reverses_number   bigint,
    reverses_ordinal  integer,
    at                bigint NOT NULL,
    actor_id          uuid,
    request_id        uuid,
    reason            text,
    counts            smallint NOT NULL,
    currency          text,
    archived          boolean NOT NULL DEFAULT false,
    PRIMARY KEY (customer_id, number, ordinal)
);
CREATE INDEX entitle_entries_archived ON entitle_entries (customer_id, number) WHERE archived;
COMMENT ON TABLE entitle_entries IS 'the ledger: only ever added to. entitle_statement shows it';
COMMENT ON COLUMN entitle_entries.number IS 'of the command, 1, 2, ... within the customer';
COMMENT ON COLUMN entitle_entries.counts IS '0 cases, 1 hours, 2 money, 3 coverage only';
COMMENT ON COLUMN entitle_entries.archived IS 'kept for a request''s answer only';

CREATE TABLE entitle_requests (
    customer_id    uuid NOT NULL,
    request_id     uuid NOT NULL,
    arguments      bigint NOT NULL,
    at             bigint NOT NULL,
    number         bigint,
    command        smallint,
    entitlement_id uuid,
    case_id        uuid,
    remaining      bigint,
    counts         smallint,
    currency       text,
    PRIMARY KEY (customer_id, request_id)
);
COMMENT ON TABLE entitle_requests IS 'the first answer under each request id';
COMMENT ON COLUMN entitle_requests.arguments IS 'their fingerprint';
COMMENT ON COLUMN entitle_requests.number IS
    'of the command; null: nothing was recorded, and the columns after it say what was answered';

CREATE TABLE entitle_seals (
    customer_id uuid NOT NULL REFERENCES entitle_customers,
    number      bigint NOT NULL CHECK (number > 0),
    head        bytea NOT NULL CHECK (length(head) = 32),
    PRIMARY KEY (customer_id, number)
);
COMMENT ON TABLE entitle_seals IS 'the head of the chain after each sealed command';

CREATE TABLE entitle_bases (
    customer_id uuid PRIMARY KEY REFERENCES entitle_customers,
    number      bigint NOT NULL CHECK (number > 0),
    head        bytea NOT NULL CHECK (length(head) = 32)
);
COMMENT ON TABLE entitle_bases IS 'where a ledger begins whose older entries were archived';

CREATE TABLE entitle_base_counters (
    customer_id    uuid NOT NULL REFERENCES entitle_bases,
    place          integer NOT NULL,
    entitlement_id uuid NOT NULL,
    channel        text,
    moved          bigint NOT NULL,
    after          bigint NOT NULL,
    revised        bigint NOT NULL,
    last_number    bigint,
    last_ordinal   integer,
    PRIMARY KEY (customer_id, place)
);
COMMENT ON TABLE entitle_base_counters IS 'each balance as the archived entries left it';
COMMENT ON COLUMN entitle_base_counters.channel IS 'null: the total';
COMMENT ON COLUMN entitle_base_counters.revised IS 'the last command that changed what was agreed';

CREATE TABLE entitle_base_cases (
    customer_id     uuid NOT NULL REFERENCES entitle_bases,
    place           integer NOT NULL,
    case_id         uuid NOT NULL,
    entitlement_id  uuid NOT NULL,
    state           text NOT NULL CHECK (state IN ('open', 'resolved', 'canceled')),
    since           bigint NOT NULL,
    last_number     bigint NOT NULL,
    posted_quantity bigint NOT NULL,
    posted_channel  text,
    posted_number   bigint,
    posted_ordinal  integer,
    PRIMARY KEY (customer_id, place)
);
COMMENT ON TABLE entitle_base_cases IS 'each case as the archived entries left it';
)";

/// What version 2 added: what is held for open cases or left to bill. (On tables that are there: each version adds what
/// it has, and a library that is still running meanwhile finds what it knows.)
constexpr Sql add_holds = R"(
ALTER TABLE entitle_customers ADD COLUMN IF NOT EXISTS held bigint[] NOT NULL DEFAULT '{}';
COMMENT ON COLUMN entitle_customers.held IS
    'what is reserved for open cases, in the order of the counters; empty: nothing';
ALTER TABLE entitle_cases
    ADD COLUMN IF NOT EXISTS held_number   bigint,
    ADD COLUMN IF NOT EXISTS held_ordinal  integer,
    ADD COLUMN IF NOT EXISTS held_quantity bigint,
    ADD COLUMN IF NOT EXISTS held_channel  text,
    ADD COLUMN IF NOT EXISTS overage       bigint;
COMMENT ON COLUMN entitle_cases.held_number IS 'the entry that holds terms for it';
COMMENT ON COLUMN entitle_cases.overage IS 'what its resolution needed and did not find: to bill';
ALTER TABLE entitle_base_cases
    ADD COLUMN IF NOT EXISTS held_number   bigint,
    ADD COLUMN IF NOT EXISTS held_ordinal  integer,
    ADD COLUMN IF NOT EXISTS held_quantity bigint,
    ADD COLUMN IF NOT EXISTS held_channel  text,
    ADD COLUMN IF NOT EXISTS overage       bigint;
ALTER TABLE entitle_entries ADD COLUMN IF NOT EXISTS amount bigint;
COMMENT ON COLUMN entitle_entries.amount IS
    'of a hold, a release, an overage; of a boundary the most that it carries over (-1 less that: and what is owed)';
)";

/// … and terms that come anew, and how far their periods have come.
constexpr Sql add_periods = R"(
ALTER TABLE entitle_entitlements
    ADD COLUMN IF NOT EXISTS period_every     integer CHECK (period_every > 0),
    ADD COLUMN IF NOT EXISTS period_step      text CHECK (period_step IN ('days', 'weeks', 'months', 'years')),
    ADD COLUMN IF NOT EXISTS period_anchor    text,
    ADD COLUMN IF NOT EXISTS rollover         bigint,
    ADD COLUMN IF NOT EXISTS preserve_overage boolean,
    ADD COLUMN IF NOT EXISTS counts_from      bigint,
    ADD COLUMN IF NOT EXISTS due              bigint,
    ADD COLUMN IF NOT EXISTS last_boundary    bigint,
    ADD COLUMN IF NOT EXISTS rolled           bigint;
COMMENT ON COLUMN entitle_entitlements.period_every IS 'so many steps; null: there are no periods';
COMMENT ON COLUMN entitle_entitlements.period_anchor IS 'the day of a boundary; null: the first day';
COMMENT ON COLUMN entitle_entitlements.rollover IS 'the most that is carried over; null: nothing';
COMMENT ON COLUMN entitle_entitlements.counts_from IS 'boundaries after this instant count';
COMMENT ON COLUMN entitle_entitlements.due IS 'the next boundary that is not recorded yet';
COMMENT ON COLUMN entitle_entitlements.last_boundary IS 'the last that is recorded';
COMMENT ON COLUMN entitle_entitlements.rolled IS 'the command that recorded it';
)";

/// What version 3 added: templates, and what is assigned from them. All customers share the tables, which no command
/// of a case reads: where tables are distributed, each server has a copy.
constexpr Sql add_templates = R"(
ALTER TABLE entitle_entitlements
    ADD COLUMN IF NOT EXISTS purchase_id       uuid,
    ADD COLUMN IF NOT EXISTS purchase_product  uuid,
    ADD COLUMN IF NOT EXISTS purchase_quantity bigint;
COMMENT ON COLUMN entitle_entitlements.purchase_id IS 'that it was assigned for; null: for none';

CREATE TABLE IF NOT EXISTS entitle_templates (
    template_id      uuid PRIMARY KEY,
    name             text NOT NULL,
    description      text NOT NULL,
    lasts            bigint CHECK (lasts > 0),
    lasts_step       text CHECK ((lasts_step IS NULL) = (lasts IS NULL) AND lasts_step IN ('days', 'months')),
    first_day        text CHECK ((first_day IS NULL) = (lasts IS NOT NULL)),
    last_day         text CHECK ((last_day IS NULL) = (lasts IS NOT NULL)),
    time_zone        text NOT NULL,
    counts           text NOT NULL CHECK (counts IN ('cases', 'hours', 'money', 'coverage_only')),
    currency         text CHECK ((currency IS NOT NULL) = (counts = 'money')),
    per_term         bigint NOT NULL CHECK (per_term > 0),
    decrease_on      text NOT NULL CHECK (decrease_on IN ('creation', 'resolution')),
    restricted       boolean NOT NULL,
    priority         bigint NOT NULL,
    knowledge_base   text NOT NULL CHECK (knowledge_base IN ('none', 'standard', 'premium')),
    discount_percent bigint NOT NULL,
    sla_id           uuid,
    owner_id         uuid,
    period_every     bigint CHECK (period_every > 0),
    period_step      text CHECK (period_step IN ('days', 'weeks', 'months', 'years')),
    period_anchor    text,
    rollover         bigint,
    preserve_overage boolean,
    total            bigint NOT NULL,
    channels         text[] NOT NULL,
    channel_totals   bigint[] NOT NULL CHECK (cardinality(channel_totals) = cardinality(channels)),
    contacts         uuid[] NOT NULL,
    products         uuid[] NOT NULL,
    assets           uuid[] NOT NULL,
    case_types       uuid[] NOT NULL
);
COMMENT ON TABLE entitle_templates IS 'agreements from which those of customers are made';
COMMENT ON COLUMN entitle_templates.lasts IS 'so many steps from the day of use; null: its own days';
COMMENT ON COLUMN entitle_templates.per_term IS 'base units in a case, an hour, a unit of money';

CREATE TABLE IF NOT EXISTS entitle_rules (
    product_id  uuid NOT NULL,
    at_least    bigint NOT NULL CHECK (at_least >= 0),
    template_id uuid NOT NULL REFERENCES entitle_templates,
    PRIMARY KEY (product_id, at_least)
);
COMMENT ON TABLE entitle_rules IS 'who buys so many of a product is given an entitlement from the template';
)";

/// What version 4 added: marks, and terms that are added to those that were agreed.
constexpr Sql add_marks = R"(
ALTER TABLE entitle_entitlements
    ADD COLUMN IF NOT EXISTS low_water text,
    ADD COLUMN IF NOT EXISTS top_ups   text;
COMMENT ON COLUMN entitle_entitlements.low_water IS
    '[{"left":2},{"percent":20,"channel":"phone"}]: its marks, in base units; null: none';
COMMENT ON COLUMN entitle_entitlements.top_ups IS 'top-ups that have not ended; null: none';
ALTER TABLE entitle_templates ADD COLUMN IF NOT EXISTS low_water text;
)";

/// What version 5 added: holds that expire.
constexpr Sql add_expiry = R"(
ALTER TABLE entitle_entitlements ADD COLUMN IF NOT EXISTS holds text;
COMMENT ON COLUMN entitle_entitlements.holds IS 'holds of its cases that expire; null: none';
ALTER TABLE entitle_base_cases ADD COLUMN IF NOT EXISTS held_until bigint;
ALTER TABLE entitle_cases ADD COLUMN IF NOT EXISTS held_until bigint;
COMMENT ON COLUMN entitle_cases.held_until IS 'when what it holds is free; null: never';
)";

/// What version 6 added: service levels, and what is promised to cases.
constexpr Sql add_service = R"(
ALTER TABLE entitle_cases ADD COLUMN IF NOT EXISTS service text;
ALTER TABLE entitle_cases ADD COLUMN IF NOT EXISTS next_due bigint;
ALTER TABLE entitle_cases ADD COLUMN IF NOT EXISTS last_change bigint;
COMMENT ON COLUMN entitle_cases.service IS
    'its priority, stage, service level, and each promise with its instants in microseconds; null: nothing';
COMMENT ON COLUMN entitle_cases.next_due IS 'when the first of its running promises is missed';
COMMENT ON COLUMN entitle_cases.last_change IS 'after which time alone changes no promise';
CREATE INDEX IF NOT EXISTS entitle_cases_by_due ON entitle_cases (next_due, customer_id, opened)
    WHERE next_due IS NOT NULL;
CREATE INDEX IF NOT EXISTS entitle_cases_by_change ON entitle_cases (last_change) WHERE last_change IS NOT NULL;
CREATE TABLE IF NOT EXISTS entitle_service_terms ( -- few and small, as entitle_meta
    kind  bigint NOT NULL CHECK (kind IN (1, 2, 3)),
    id    uuid NOT NULL,
    terms text NOT NULL,
    PRIMARY KEY (kind, id)
);
COMMENT ON TABLE entitle_service_terms IS 'calendars (1), service levels (2), and which is the default (3)';
)";

// What PostgreSQL cannot show as an instant stands as the number that it is.
#define INSTANT(at)                                                        \
    "CASE WHEN " at " > -210866803200000000 THEN to_char(to_timestamp(" at \
    " / 1000000) AT TIME ZONE 'UTC',"                                      \
    " 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') ELSE (" at ")::text END"
// 5, 9:30:00, -12.50 EUR
#define AMOUNT(value, e)                                                                                  \
    "CASE " e ".counts WHEN 'hours' THEN CASE WHEN " value " < 0 THEN '-' ELSE '' END || abs(" value      \
    ") / 3600 || ':' || lpad((abs(" value ") / 60 % 60)::text, 2, '0') || ':' || lpad((abs(" value        \
    ") % 60)::text, 2, '0') WHEN 'money' THEN CASE WHEN " value " < 0 THEN '-' ELSE '' END || abs(" value \
    ") / " e ".per_term || CASE WHEN " e ".per_term = 1 THEN '' ELSE '.' || lpad((abs(" value ") % " e    \
    ".per_term)::text, length(" e ".per_term::text) - 1, '0') END || ' ' || " e ".currency ELSE (" value  \
    ")::text END"

constexpr Sql views =
    "CREATE OR REPLACE VIEW entitle_left AS "
    "SELECT c.customer_id AS customer, e.entitlement_id AS entitlement, e.name, e.phase, e.first_day,"
    " e.last_day, e.time_zone, e.counts, coalesce(b.channel, '(total)') AS counter, b.listed,"
    " CASE WHEN e.counts = 'coverage_only' AND b.place = 0 THEN 'any' ELSE " AMOUNT("b.total", "e")
    " END AS total, " AMOUNT("c.counters[e.first_counter + b.place]", "e") " AS remaining, "
    AMOUNT("coalesce(c.held[e.first_counter + b.place], 0)", "e") " AS held,"
    " CASE e.period_every WHEN 1 THEN rtrim(e.period_step, 's') ELSE"
    " e.period_every || ' ' || e.period_step END AS period, " INSTANT("e.due") " AS due "
    "FROM entitle_entitlements e JOIN entitle_customers c ON c.customer_id = e.customer_id "
    "CROSS JOIN LATERAL (SELECT 0 AS place, NULL AS channel, true AS listed, e.total AS total UNION ALL"
    " SELECT u.place::integer, u.channel, u.total IS NOT NULL, coalesce(u.total, 0)"
    " FROM unnest(e.channels, e.channel_totals) WITH ORDINALITY AS u (channel, total, place)) b "
    "WHERE e.place IS NOT NULL ORDER BY e.customer_id, e.made_by, b.place;"
    "COMMENT ON VIEW entitle_left IS 'what each customer has left';"

    "CREATE OR REPLACE VIEW entitle_statement AS "
    "SELECT n.customer_id AS customer, n.number, n.ordinal, " INSTANT("n.at") " AS at,"
    " CASE n.command WHEN 1 THEN 'draft' WHEN 2 THEN 'revise' WHEN 3 THEN 'set_channel' WHEN 4 THEN"
    " 'remove_channel' WHEN 5 THEN 'revise_scope' WHEN 6 THEN 'amend' WHEN 7 THEN 'activate' WHEN 8 THEN"
    " 'deactivate' WHEN 9 THEN 'cancel' WHEN 10 THEN 'renew' WHEN 11 THEN 'set_default' WHEN 12 THEN 'remove'"
    " WHEN 13 THEN 'adjust' WHEN 14 THEN 'import_entitlement' WHEN 15 THEN 'open_case' WHEN 16 THEN"
    " 'resolve_case' WHEN 17 THEN 'cancel_case' WHEN 18 THEN 'reactivate_case' WHEN 19 THEN 'change_origin'"
    " WHEN 20 THEN 'change_entitlement' WHEN 21 THEN 'change_contact' WHEN 22 THEN 'change_product' WHEN 23"
    " THEN 'change_asset' WHEN 24 THEN 'change_case_type' WHEN 25 THEN 'set_decrement' WHEN 26 THEN"
    " 'delete_case' WHEN 27 THEN 'hold_terms' WHEN 28 THEN 'release_terms' WHEN 29 THEN 'instantiate'"
    " WHEN 30 THEN 'assign' WHEN 31 THEN 'top_up' WHEN 32 THEN 'void_top_up' WHEN 33 THEN"
    " 'respond_to_case' WHEN 34 THEN 'change_stage' WHEN 35 THEN 'change_priority' WHEN 36 THEN"
    " 'change_service_level' WHEN 37 THEN 'meet_kpi' ELSE n.command::text END AS command,"
    " CASE n.kind WHEN 0 THEN 'note' WHEN 1 THEN 'posting' WHEN 2 THEN 'reversal' WHEN 3 THEN 'adjustment'"
    " WHEN 4 THEN 'carried_in' WHEN 5 THEN 'hold' WHEN 6 THEN 'release' WHEN 7 THEN 'overage'"
    " WHEN 8 THEN 'period' WHEN 9 THEN 'forfeit' WHEN 10 THEN 'low_water' WHEN 11 THEN 'top_up'"
    " WHEN 12 THEN 'inception' WHEN 13 THEN 'draw' WHEN 14 THEN 'lapse' WHEN 15 THEN 'expiry'"
    " WHEN 16 THEN 'voiding' WHEN 17 THEN 'allotment' WHEN 18 THEN 'set_aside'"
    " WHEN 19 THEN 'hold_expiry' WHEN 20 THEN 'settlement' ELSE n.kind::text END AS kind,"
    " n.entitlement_id AS entitlement, e.name, n.case_id AS support_case, "
    AMOUNT("n.total_moved", "e") " AS moved, " AMOUNT("n.remaining", "e") " AS remaining, n.channel,"
    " CASE WHEN n.channel IS NULL THEN NULL ELSE " AMOUNT("n.channel_moved", "e") " END AS channel_moved,"
    " CASE WHEN n.channel IS NULL THEN NULL ELSE " AMOUNT("n.channel_remaining", "e")
    " END AS channel_remaining, n.reverses_number, n.actor_id AS actor, n.reason, " AMOUNT("n.amount", "e") " AS amount "
    "FROM entitle_entries n LEFT JOIN entitle_entitlements e"
    " ON e.customer_id = n.customer_id AND e.entitlement_id = n.entitlement_id "
    "WHERE NOT n.archived ORDER BY n.customer_id, n.number, n.ordinal;"
    "COMMENT ON VIEW entitle_statement IS 'every entry, with the balances after it';"

    "CREATE OR REPLACE VIEW entitle_case_list AS "
    "SELECT k.customer_id AS customer, k.case_id AS support_case, k.state, " INSTANT("k.since")
    " AS since, k.origin, k.entitlement_id AS entitlement, e.name, k.decrement, k.posted_number, "
    AMOUNT("k.posted_quantity", "e") " AS posted, k.posted_channel, " AMOUNT("k.held_quantity", "e")
    " AS held, k.held_channel, " AMOUNT("k.overage", "e") " AS overage "
    "FROM entitle_cases k JOIN entitle_entitlements e"
    " ON e.customer_id = k.customer_id AND e.entitlement_id = k.entitlement_id "
    "ORDER BY k.customer_id, k.opened;"
    "COMMENT ON VIEW entitle_case_list IS 'the cases, and what stands posted for each';";

#undef INSTANT
#undef AMOUNT

/// The oldest library that may write or read what this one writes.
constexpr Sql versions =
    "INSERT INTO entitle_meta (name, value) VALUES ('schema', 6), ('min_writer', 6), ('min_reader', 6)"
    " ON CONFLICT (name) DO UPDATE SET value = excluded.value;";

/// Of an older version. Whoever else brings it forward waits for this row, and then finds it done.
constexpr Sql lock_version = "SELECT value FROM entitle_meta WHERE name = 'schema' FOR UPDATE;";

}  // namespace

Code read_schema(Connection& connection, Schema& schema) {
    schema = {};
    Rows found;
    const Code looked = connection.run(Statement{"SELECT to_regclass('entitle_meta') IS NOT NULL"}, found);
    if (looked != Code::ok) return looked;
    if (!found.next() || !found.flag()) return found.code();
    Rows rows;
    const Code code =
        connection.run(Statement{"SELECT (SELECT value FROM entitle_meta WHERE name = 'schema'),"
                                 " (SELECT value FROM entitle_meta WHERE name = 'min_writer'),"
                                 " (SELECT value FROM entitle_meta WHERE name = 'min_reader')"},
                       rows);
    if (code != Code::ok || !rows.next()) return code;
    schema.version = rows.integer(1, INT32_MAX);
    schema.min_writer = rows.integer(1, INT32_MAX);
    schema.min_reader = rows.integer(1, INT32_MAX);
    return rows.code();
}

namespace {

template <std::size_t count>
[[nodiscard]] Code run_all(Connection& connection, const std::array<Sql, count>& steps) {
    for (const Sql step : steps) {
        if (const Code code = connection.run_script(step); code != Code::ok) return code;
    }
    return Code::ok;
}

/// Two that begin at once both find nothing: the first to make `entitle_meta` goes on, and the other waits for it
/// in the catalogue's own keys, fails there, and looks again. So no lock is needed that outlives a transaction.
[[nodiscard]] Code make(Connection& connection) {
    const Code code = run_all(connection, std::array{tables, add_holds, add_periods, add_templates, add_marks,
                                                     add_expiry, add_service, views, versions});
    return code == Code::taken || code == Code::failed ? Code::again : code;
}

}  // namespace

/// An older version is brought forward by columns that are added. A library of that version that has it open
/// goes on until it opens it again, and knows nothing of them: whoever brings a database forward stops the
/// older ones first.
Code migrate(Connection& connection, const Schema& from) {
    if (from.is_current()) return Code::ok;
    if (from.version == 0) return make(connection);
    Schema now;
    if (const Code code = connection.run_script(lock_version); code != Code::ok) return code;
    if (const Code code = read_schema(connection, now); code != Code::ok) return code;
    if (now.is_current()) return Code::ok;
    return run_all(connection, std::array{add_holds, add_periods, add_templates, add_marks, add_expiry,
                                          add_service, views, versions});
}

}  // namespace entitle::inline v0::postgres
