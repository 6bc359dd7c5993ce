#include "property/stores.hpp"

#include "entitle/store/sqlite_store.hpp"

#include "store/attached_store.hpp"
#include "store/postgres_place.hpp"
#include "store/scratch.hpp"

namespace entitle_property {

namespace {

/// What is made before the store that forwards to it.
struct OwnedPlace {
    store_contract::Scratch scratch{};
    std::unique_ptr<entitle::Store> inner{
        entitle::SqliteStore::open(scratch.file("history.db"), {.synchronous = entitle::Synchronous::off})
            .value()};
};
struct AttachedPlace {
    store_contract::Scratch scratch{};
    std::unique_ptr<entitle::Store> inner{
        std::make_unique<store_contract::AttachedStore>(scratch.file("history.db"))};
};

struct PostgresPlace {
    store_contract::Scratch scratch{};
    std::unique_ptr<entitle::Store> inner{
        entitle::PostgresStore::connect(store_contract::conninfo_of(scratch.file("history"))).value()};
};
struct AttachedPostgresPlace {
    store_contract::Scratch scratch{};
    std::unique_ptr<entitle::Store> inner{
        std::make_unique<store_contract::AttachedPostgresStore>(scratch.file("history"))};
};

/// A store in a file that goes with it.
template <class Place>
class ScratchStore final : private Place, public conformance::ForwardingStore {
public:
    ScratchStore() : ForwardingStore{*Place::inner} {}
};

}  // namespace

std::vector<StoreSort> store_sorts() {
    return {
        {"memory", memory_store, 1},
        {"sqlite", [](const Trial&) { return std::make_unique<ScratchStore<OwnedPlace>>(); }, 10},
        {"sqlite_attached", [](const Trial&) { return std::make_unique<ScratchStore<AttachedPlace>>(); }, 10},
        {"postgres", [](const Trial&) { return std::make_unique<ScratchStore<PostgresPlace>>(); }, 50},
        {"postgres_attached",
         [](const Trial&) { return std::make_unique<ScratchStore<AttachedPostgresPlace>>(); }, 50}};
}

}  // namespace entitle_property
