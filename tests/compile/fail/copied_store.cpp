// expect: deleted function|implicitly.deleted|call to deleted|call to implicitly-deleted
#include <entitle/store/memory_store.hpp>

// What a store remembers is in one place.
void use(entitle::MemoryStore& store) {
    (void)store.capabilities();
#ifdef MUST_NOT_COMPILE
    entitle::MemoryStore copy = store;
#endif
}
int main() {}
