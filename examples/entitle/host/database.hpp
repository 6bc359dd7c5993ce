#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <entitle/store/store.hpp>

#include "host/failure.hpp"

namespace program {

/// What a command does with the desk.
enum class Use : std::uint8_t {
    read,   ///< looks at one moment of it
    write,  ///< changes it
    make    ///< makes it, where there is none yet
};

/// Values of one row, as text.
using DatabaseRow = std::vector<std::string>;

/// The host's own connection to a database: its transaction, its tables, and the library's store inside both.
/// Its SQL is what SQLite and PostgreSQL have in common; parameters are `$1`, `$2` … in the order in which they
/// are first met, and travel as text.
class Database {
public:
    /// A file of SQLite, or `postgresql://…`.
    [[nodiscard]] static Or<std::unique_ptr<Database>> open(const std::string& place, Use use);

    Database() = default;
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;
    virtual ~Database() = default;

    [[nodiscard]] virtual Or<std::vector<DatabaseRow>> run(const std::string& sql,
                                                           std::span<const std::string> values) = 0;
    [[nodiscard]] Or<std::vector<DatabaseRow>> run(const std::string& sql) { return run(sql, {}); }
    [[nodiscard]] Or<std::vector<DatabaseRow>> run(const std::string& sql,
                                                   std::initializer_list<std::string> values) {
        return run(sql, std::span{values.begin(), values.size()});
    }

    /// A transaction begins; it is rolled back with the object, unless it was committed.
    [[nodiscard]] virtual Done begin(Use use) = 0;
    [[nodiscard]] Done commit();
    [[nodiscard]] Done roll_back();

    /// The library's store, inside this connection and its transaction.
    [[nodiscard]] virtual entitle::Result<std::unique_ptr<entitle::Store>> attach() = 0;
    /// Whether there is a table of the program's own.
    [[nodiscard]] virtual Or<bool> has_table(const std::string& name) = 0;
    /// Whether a desk can be made here without adding to what is somebody else's.
    [[nodiscard]] virtual Or<bool> is_vacant() = 0;
    /// Copies the whole desk into a new file. Not within a transaction.
    [[nodiscard]] virtual Done copy_to(const std::string& file) = 0;
};

[[nodiscard]] Or<std::unique_ptr<Database>> open_sqlite_database(const std::string& file, Use use);
#ifdef ENTITLE_PROGRAM_HAS_POSTGRES
[[nodiscard]] Or<std::unique_ptr<Database>> open_postgres_database(const std::string& place);
#endif

}  // namespace program
