#include <entitle/entitle.hpp>
#include <entitle/store/postgres_store.hpp>

/// Says its version once a server that is not there was refused.
int main() {
    const auto store = entitle::PostgresStore::connect("host=/nowhere");
    if (store || store.error().code != entitle::ErrorCode::store_unavailable) return 1;
    fmt::print("entitle {}.{}.{}\n", ENTITLE_VERSION_MAJOR, ENTITLE_VERSION_MINOR, ENTITLE_VERSION_PATCH);
}
