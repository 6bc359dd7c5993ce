#include "store_place.hpp"

#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <entitle/store/memory_store.hpp>
#include <entitle/store/sqlite_store.hpp>
#ifdef ENTITLE_PROGRAM_HAS_POSTGRES
#include <entitle/store/postgres_store.hpp>
#endif

#include "fault.hpp"

namespace program {

namespace {

using Made = tl::expected<std::unique_ptr<entitle::Store>, std::string>;

[[nodiscard]] bool is_database(std::string_view place) {
    return place.starts_with("postgresql://") || place.starts_with("postgres://");
}

template <class Opened>
[[nodiscard]] Made made_of(Opened opened) {
    if (!opened) return tl::unexpected<std::string>{sentence_of(opened.error())};
    return std::move(*opened);
}

#ifdef ENTITLE_PROGRAM_HAS_POSTGRES
[[nodiscard]] Made make_database(const std::string& place) {
    Made made = made_of(entitle::PostgresStore::connect(place));
    if (!made) return made;
    std::vector<entitle::Entitlement> there;
    for (entitle::Cursor cursor; !cursor.done && there.empty();) {
        if (const auto read = (*made)->scan({}, cursor, there); !read)
            return tl::unexpected<std::string>{sentence_of(read.error())};
    }
    if (!there.empty()) return tl::unexpected<std::string>{"a desk is there already, and is not added to"};
    return made;
}
#else
[[nodiscard]] Made make_database(const std::string& /*place*/) {
    return tl::unexpected<std::string>{"this program was built without PostgreSQL"};
}
#endif

}  // namespace

/// A replay can be run again, so its commits need not wait for the disk.
Made make_store(const std::string& place) {
    if (place.empty()) return std::make_unique<entitle::MemoryStore>();
    if (is_database(place)) return make_database(place);
    std::error_code error;
    if (std::filesystem::exists(place, error)) {
        return tl::unexpected<std::string>{
            sentence_of(entitle::refuse(entitle::ErrorCode::file_exists).value())};
    }
    return made_of(entitle::SqliteStore::open(place, {.synchronous = entitle::Synchronous::normal}));
}

std::string name_of_place(const std::string& place) { return is_database(place) ? "the database" : place; }

}  // namespace program
