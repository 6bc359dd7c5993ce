#pragma once

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <memory>
#include <string>

#include "attached_store.hpp"
#include "fault_stride.hpp"
#include "names.hpp"
#include "property/history.hpp"
#include "scratch.hpp"

namespace store_contract {

inline void write_bytes(const std::string& path, const std::string& bytes) {
    std::ofstream{path, std::ios::binary | std::ios::trunc}.write(bytes.data(),
                                                                  static_cast<std::streamsize>(bytes.size()));
}

/// An SQLite file of one customer with an entitlement of many cases, and what a test does to it.
class SqliteFile : public testing::Test {
protected:
    using Opened = Result<std::unique_ptr<SqliteStore>>;

    [[nodiscard]] Opened open(const SqliteOptions& options = {}) const {
        return SqliteStore::open(path, options);
    }
    /// Why it cannot be opened.
    [[nodiscard]] ErrorCode why_not(const SqliteOptions& options = {}) const {
        const Opened opened = open(options);
        return opened ? ErrorCode::none : opened.error().code;
    }
    /// Makes the file, with some cases.
    void make(std::uint64_t count = 10) const {
        Engine engine{open().value()};
        grant(engine, 1000);
        for (std::uint64_t id = 1; id <= count; ++id) EXPECT_THAT(open_case(engine, id), ok());
    }
    /// Edits the file by hand, as anyone with a shell can.
    void edit(const std::string& sql) const {
        const HostConnection host{path};
        host.run(sql);
    }
    [[nodiscard]] std::int64_t number(const std::string& sql) const {
        const HostConnection host{path};
        return host.number(sql);
    }

    Scratch scratch;
    std::string path = scratch.file("desk.db");
};

}  // namespace store_contract
