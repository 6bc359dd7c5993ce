#include <entitle/entitle.hpp>
#include <entitle/store/sqlite_store.hpp>

/// Says its version once a file has kept something here.
int main() {
    const char* path = "consumer.db";
    auto store = entitle::SqliteStore::open(path);
    if (!store) {
        fmt::print("{}\n", store.error());
        return 1;
    }
    const entitle::Engine desk{std::move(*store)};
    const auto report = desk.audit();
    if (!report || !report->ok()) return 1;
    fmt::print("entitle {}.{}.{}\n", ENTITLE_VERSION_MAJOR, ENTITLE_VERSION_MINOR, ENTITLE_VERSION_PATCH);
}
