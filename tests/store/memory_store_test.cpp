#include <memory_resource>
#include <new>

#include "stores.hpp"

// What only the memory store can be asked: running out of memory, at every allocation in turn.

namespace store_contract {
namespace {

/// Fails at one allocation.
class FailingResource : public std::pmr::memory_resource {
public:
    std::size_t left = static_cast<std::size_t>(-1);

private:
    void* do_allocate(std::size_t bytes, std::size_t alignment) override {
        if (left == 0) throw std::bad_alloc{};
        --left;
        return std::pmr::new_delete_resource()->allocate(bytes, alignment);
    }
    void do_deallocate(void* at, std::size_t bytes, std::size_t alignment) override {
        std::pmr::new_delete_resource()->deallocate(at, bytes, alignment);
    }
    [[nodiscard]] bool do_is_equal(const memory_resource& other) const noexcept override {
        return this == &other;
    }
};

/// Runs a command with ever more memory until it is done; before that it leaves no trace.
template <class C>
std::size_t run_out_of_memory(FailingResource& memory, MemoryStore& store, Engine& engine, const C& command) {
    const Everything before = everything(store);
    for (std::size_t allocations = 0;; ++allocations) {
        memory.left = allocations;
        try {
            const Outcome outcome = engine.execute(command, july);
            memory.left = static_cast<std::size_t>(-1);
            EXPECT_THAT(outcome, ok()) << name_of(C::kind);
            return allocations;
        } catch (const std::bad_alloc&) {
            memory.left = static_cast<std::size_t>(-1);
            EXPECT_TRUE(everything(store) == before) << name_of(C::kind) << ", allocation " << allocations;
        }
        if (allocations > 1000) {
            ADD_FAILURE() << "never done";
            return allocations;
        }
    }
}

TEST(OutOfMemory, at_any_allocation_leaves_no_trace) {
    FailingResource memory;
    MemoryStore store{{.memory = &memory, .hash_seed = 1}};
    Engine engine{store};
    std::size_t failures = 0;
    std::uint64_t requests = 0;
    const auto run = [&](auto command) {
        command.customer = acme;
        command.request = RequestId::from_integer(++requests);
        command.actor = "ann"_actor;
        failures += run_out_of_memory(memory, store, engine, command);
    };
    Draft draft = agreed(on_creation(5), {{Channel::phone, cases(2)}});
    draft.id = "gold"_entitlement;
    run(draft);
    run(Activate{.id = draft.id});
    run(OpenCase{.id = "c1"_case, .contact = "ann"_contact, .origin = Channel::phone});
    run(ChangeOrigin{.id = "c1"_case});
    run(ResolveCase{.id = "c1"_case});
    run(Adjust{.id = draft.id, .quantity = cases(1), .reason = "a letter"});
    run(Amend{.id = draft.id, .changes = {.channels = {{{Channel::web, cases(3)}}}}});
    run(DeleteCase{.id = "c1"_case});
    run(Cancel{.id = draft.id});
    run(Remove{.id = draft.id});
    EXPECT_GT(failures, 10U) << "something was allocated";
    EXPECT_TRUE(engine.audit()->ok());
}

TEST(OutOfMemory, while_tables_grow_leaves_no_trace) {
    FailingResource memory;
    MemoryStore store{{.memory = &memory, .hash_seed = 1}};
    Engine engine{store};
    Draft draft = agreed(unrestricted(0));
    draft.id = "gold"_entitlement;
    ASSERT_THAT(engine.draft(draft, july), ok());
    ASSERT_THAT(engine.activate({.customer = acme, .id = draft.id}, july), ok());
    std::size_t failures = 0;
    for (std::uint64_t i = 1; i <= 20'000; ++i) {
        const OpenCase open{
            .customer = acme, .id = CaseId::from_integer(i), .request = RequestId::from_integer(i)};
        for (memory.left = 0;; memory.left = memory.left + 1) {
            const std::size_t allowed = memory.left;
            try {
                ASSERT_THAT(engine.open_case(open, july), ok());
                break;
            } catch (const std::bad_alloc&) {
                ++failures;
                memory.left = allowed;
                ASSERT_EQ(engine.support_case(acme, open.id).error().code, ErrorCode::unknown_case);
            }
        }
    }
    memory.left = static_cast<std::size_t>(-1);
    EXPECT_GT(failures, 20U);
    EXPECT_EQ(engine.entitlement(acme, draft.id)->remaining, -20'000);
    EXPECT_TRUE(engine.audit()->ok());
}

TEST(HashSeed, changes_nothing_that_is_seen) {
    const auto history = [](std::uint64_t seed) {
        MemoryStore store{{.hash_seed = seed}};
        Engine engine{store, {.ids = UuidV7{1}}};
        const EntitlementId id = engine.draft(agreed(on_creation(100)), july)->entitlement;
        EXPECT_THAT(engine.activate({.customer = acme, .id = id}, july), ok());
        for (std::uint64_t i = 1; i <= 100; ++i) {
            EXPECT_THAT(engine.open_case({.customer = acme, .id = CaseId::from_integer(i)}, july), ok());
        }
        return everything(store);
    };
    EXPECT_TRUE(history(1) == history(0xFFFF'FFFF'FFFF'FFFF));
}

}  // namespace
}  // namespace store_contract
