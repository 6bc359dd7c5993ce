#include "host/database.hpp"

#include "store_place.hpp"

namespace program {

Or<std::unique_ptr<Database>> Database::open(const std::string& place, Use use) {
    if (!is_database(place)) return open_sqlite_database(place, use);
#ifdef ENTITLE_PROGRAM_HAS_POSTGRES
    return open_postgres_database(place);
#else
    return fail(ExitStatus::misuse, "no_postgresql", "this program was built without PostgreSQL");
#endif
}

Done Database::commit() {
    const auto done = run("commit");
    if (!done) return passed_on(done);
    return {};
}

Done Database::roll_back() {
    const auto done = run("rollback");
    if (!done) return passed_on(done);
    return {};
}

}  // namespace program
