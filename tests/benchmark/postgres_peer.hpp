#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>

#include <libpq-fe.h>

#include "openings.hpp"

namespace benchmark_of_entitle {

/// What one would write instead of the library, for one sort of agreement: a function in the server that locks,
/// checks, takes the terms, and writes the case, the ledger and the request, with the same keys and numbers. No
/// choice among agreements, no scopes, no reversals, no audit.
class ServerFunction {
public:
    enum class Tables : std::uint8_t {
        as_taught,  ///< a row for the customer, for the agreement and for the channel
        one_row     ///< all that changes in the customer's row
    };

    explicit ServerFunction(const std::string& conninfo) : handle_{PQconnectdb(conninfo.c_str())} {
        if (PQstatus(handle_) != CONNECTION_OK) throw std::runtime_error{PQerrorMessage(handle_)};
    }
    ServerFunction(const ServerFunction&) = delete;
    ServerFunction& operator=(const ServerFunction&) = delete;
    ~ServerFunction() { PQfinish(handle_); }

    void create(Tables tables, std::uint64_t customers) const {
        run("CREATE TABLE cases (customer_id uuid, opened bigint, case_id uuid NOT NULL, state text NOT "
            "NULL, origin "
            "text, since bigint, PRIMARY KEY (customer_id, opened), UNIQUE (case_id, customer_id)) WITH "
            "(fillfactor = "
            "85);"
            "CREATE TABLE ledger (customer_id uuid, number bigint, ordinal integer, command smallint, "
            "case_id uuid,"
            " moved bigint, remaining bigint, channel text, channel_moved bigint, channel_remaining bigint, "
            "at bigint,"
            " request_id uuid, PRIMARY KEY (customer_id, number, ordinal));"
            "CREATE TABLE requests (customer_id uuid, request_id uuid, at bigint, number bigint,"
            " PRIMARY KEY (customer_id, request_id))");
        run(tables == Tables::one_row ? one_row() : as_taught());
        const std::string each = " FROM generate_series(1, " + std::to_string(customers) + ") AS s (i)";
        const std::string id = "lpad(to_hex(i), 32, '0')::uuid";
        const std::string left = std::to_string(plenty);
        if (tables == Tables::one_row) {
            run("INSERT INTO customers SELECT " + id + ", 0, 'active', 0, 9e18, " + left + ", " + left +
                each);
        } else {
            run("INSERT INTO customers SELECT " + id + ", 0" + each);
            run("INSERT INTO agreements SELECT " + id + ", 'active', 0, 9e18, " + left + each);
            run("INSERT INTO channels SELECT " + id + ", 'phone', " + left + each);
        }
        run("ANALYZE");
    }
    void prepare() const {
        PQclear(PQprepare(handle_, "open", "SELECT * FROM open_case($1, $2, $3, $4)", 0, nullptr));
    }

    void open(const Openings::Opening& one) const {
        const Call call{one};
        PGresult* result = PQexecPrepared(handle_, "open", 4, call.values.data(), call.lengths.data(),
                                          call.formats.data(), 1);
        expect_opened(result);
    }
    /// All in one transaction, without waiting for one before the next.
    void open_all(std::span<const Openings::Opening> openings) const {
        run("BEGIN");
        PQenterPipelineMode(handle_);
        for (std::size_t done = 0; done < openings.size();) {
            const std::size_t count = std::min<std::size_t>(openings.size() - done, 250);
            for (std::size_t i = 0; i < count; ++i) {
                const Call call{openings[done + i]};
                PQsendQueryPrepared(handle_, "open", 4, call.values.data(), call.lengths.data(),
                                    call.formats.data(), 1);
            }
            PQpipelineSync(handle_);
            for (std::size_t i = 0; i < count; ++i) {
                expect_opened(PQgetResult(handle_));
                PQclear(PQgetResult(handle_));
            }
            PQclear(PQgetResult(handle_));
            done += count;
        }
        PQexitPipelineMode(handle_);
        run("COMMIT");
    }

    void run(const std::string& sql) const {
        PGresult* result = PQexec(handle_, sql.c_str());
        const bool is_right =
            PQresultStatus(result) == PGRES_COMMAND_OK || PQresultStatus(result) == PGRES_TUPLES_OK;
        PQclear(result);
        if (!is_right) throw std::runtime_error{PQerrorMessage(handle_)};
    }

private:
    /// The arguments of a call, in binary.
    struct Call {
        explicit Call(const Openings::Opening& one) {
            put(bytes.data(), 0);
            put(bytes.data() + 8, one.customer);
            put(bytes.data() + 16, one.hi);
            put(bytes.data() + 24, one.lo);
            put(bytes.data() + 32, 1);
            for (std::size_t i = 0; i < 3; ++i) values[i] = bytes.data() + (i == 2 ? 16 : 16 * i);
            values[3] = bytes.data() + 32;
        }
        Call(const Call&) = delete;
        Call& operator=(const Call&) = delete;
        static void put(char* at, std::uint64_t word) {
            for (int shift = 56; shift >= 0; shift -= 8) *at++ = static_cast<char>(word >> shift);
        }

        std::array<char, 40> bytes{};
        std::array<const char*, 4> values{};
        std::array<int, 4> lengths{16, 16, 16, 8};
        std::array<int, 4> formats{1, 1, 1, 1};
    };

    void expect_opened(PGresult* result) const {
        const bool is_opened = PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) == 1;
        PQclear(result);
        if (!is_opened) throw std::runtime_error{PQerrorMessage(handle_)};
    }

    /// Numbers and requests are asked for under the customer's lock, so that a repeat is seen.
    [[nodiscard]] static std::string function(const std::string& declared, const std::string& taken) {
        return "CREATE FUNCTION open_case(customer uuid, support_case uuid, request uuid, now bigint,"
               " OUT is_number bigint, OUT is_left bigint, OUT phone_left bigint) LANGUAGE plpgsql AS $$ " +
               declared + " BEGIN " + taken +
               " INSERT INTO cases VALUES (customer, is_number, support_case, 'open', 'phone', now);"
               " INSERT INTO ledger VALUES (customer, is_number, 0, 15, support_case, -1, is_left, 'phone', "
               "-1,"
               " phone_left, now, request);"
               " INSERT INTO requests VALUES (customer, request, now, is_number); END $$";
    }
    [[nodiscard]] static std::string one_row() {
        return "CREATE TABLE customers (customer_id uuid PRIMARY KEY, last_number bigint, state text, begins "
               "bigint,"
               " ends bigint, remaining bigint, phone bigint) WITH (fillfactor = 70);" +
               function("",
                        "UPDATE customers c SET last_number = c.last_number + 1, remaining = c.remaining - 1,"
                        " phone = c.phone - 1 WHERE c.customer_id = customer AND c.state = 'active'"
                        " AND c.begins <= now AND c.ends > now AND c.remaining >= 1 AND c.phone >= 1"
                        " RETURNING c.last_number, c.remaining, c.phone INTO is_number, is_left, phone_left;"
                        " IF NOT FOUND THEN RAISE 'refused'; END IF;");
    }
    [[nodiscard]] static std::string as_taught() {
        return "CREATE TABLE customers (customer_id uuid PRIMARY KEY, last_number bigint) WITH (fillfactor = "
               "70);"
               "CREATE TABLE agreements (customer_id uuid PRIMARY KEY, state text, begins bigint, ends "
               "bigint,"
               " remaining bigint) WITH (fillfactor = 70);"
               "CREATE TABLE channels (customer_id uuid, name text, remaining bigint,"
               " PRIMARY KEY (customer_id, name)) WITH (fillfactor = 70);" +
               function(
                   "DECLARE first bigint;",
                   "UPDATE customers c SET last_number = c.last_number + 1 WHERE c.customer_id = customer"
                   " RETURNING c.last_number INTO is_number;"
                   " SELECT r.number INTO first FROM requests r WHERE r.customer_id = customer"
                   " AND r.request_id = request; IF FOUND THEN RAISE 'repeated'; END IF;"
                   " UPDATE agreements a SET remaining = a.remaining - 1 WHERE a.customer_id = customer"
                   " AND a.state = 'active' AND a.begins <= now AND a.ends > now AND a.remaining >= 1"
                   " RETURNING a.remaining INTO is_left; IF NOT FOUND THEN RAISE 'refused'; END IF;"
                   " UPDATE channels h SET remaining = h.remaining - 1 WHERE h.customer_id = customer"
                   " AND h.name = 'phone' AND h.remaining >= 1 RETURNING h.remaining INTO phone_left;"
                   " IF NOT FOUND THEN RAISE 'refused'; END IF;");
    }

    PGconn* handle_;
};

}  // namespace benchmark_of_entitle
