#pragma once

#include <memory>
#include <string>

#include "at_once.hpp"
#include "names.hpp"
#include "postgres_place.hpp"
#include "scratch.hpp"

namespace store_contract {

/// A schema on the tests' server, of one customer with an entitlement of many cases.
class Postgres : public testing::Test {
protected:
    using Opened = Result<std::unique_ptr<PostgresStore>>;

    [[nodiscard]] Opened open(const PostgresOptions& options = {}) const {
        return PostgresStore::connect(conninfo, options);
    }
    [[nodiscard]] ErrorCode why_not(const PostgresOptions& options = {}) const {
        const Opened opened = open(options);
        return opened ? ErrorCode::none : opened.error().code;
    }
    [[nodiscard]] std::string value(const std::string& sql) const {
        return PostgresConnection{conninfo}.value(sql);
    }

    Scratch scratch;
    std::string conninfo = conninfo_of(scratch.file("desk"));
};

}  // namespace store_contract
