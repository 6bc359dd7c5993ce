#include <algorithm>
#include <cstdlib>
#include <new>

#include "property/history.hpp"
#include "sqlite_file.hpp"
#include "watched_memory.hpp"
#include "whole_day.hpp"

// Out of memory, in SQLite and in C++, at every allocation in turn: nothing happened, and a retry succeeds.

namespace store_contract {
namespace {

class Memory : public SqliteFile {
protected:
    std::string made;

    Memory() {
        make(3);
        made = bytes_of(path);
    }

    /// Runs a command on the same file, with each allocation failing in turn, until none is left to fail.
    template <class C>
    void fail_each_allocation(Allocations& allocations, C command) {
        command.customer = acme;
        command.request = RequestId::from_integer(4711);
        const std::uint64_t stride = fault_stride(4);
        std::uint64_t failures = 0;
        for (std::uint64_t allocation = 0;; allocation += stride) {
            const std::string what = fmt::format("{}, allocation {}", C::kind, allocation);
            write_bytes(path, made);
            auto store = open({.synchronous = Synchronous::off});
            ASSERT_TRUE(store) << what;
            const Everything before = everything(**store);
            Engine engine{**store};
            allocations.fail_at(allocation);
            const ErrorCode code = why_not(engine, command);
            allocations.behave();
            if (code != ErrorCode::none) {
                ++failures;
                ASSERT_EQ(code, ErrorCode::store_memory) << what;
                ASSERT_TRUE(everything(**store) == before) << what;
                ASSERT_THAT(engine.execute(command, july), ok()) << what;
            }
            ASSERT_TRUE(engine.audit()->ok()) << what;
            ASSERT_THAT(engine.execute(command, july), repeated()) << what;
            if (!allocations.failed) break;
        }
        EXPECT_GT(failures, 0U) << name_of(C::kind);
    }
    void fail_each_command(Allocations& allocations) {
        ASSERT_TRUE(sqlite_is_watched);
        Draft draft = agreed(on_creation(5), {{Channel::phone, cases(2)}});
        draft.id = "silver"_entitlement;
        draft.scope.contacts = {"ann"_contact};
        fail_each_allocation(allocations, draft);
        fail_each_allocation(allocations, OpenCase{.id = CaseId::from_integer(9), .origin = Channel::phone});
        fail_each_allocation(allocations, CancelCase{.id = CaseId::from_integer(1)});
        fail_each_allocation(allocations, ChangeOrigin{.id = CaseId::from_integer(1)});
        fail_each_allocation(allocations, DeleteCase{.id = CaseId::from_integer(1)});
        fail_each_allocation(allocations, SetDefault{.id = gold});
        fail_each_allocation(allocations, Amend{.id = gold, .changes = {.name = "Gold"}});
    }

    template <class C>
    [[nodiscard]] static ErrorCode why_not(Engine& engine, const C& command) {
        try {
            return why(engine.execute(command, july));
        } catch (const std::bad_alloc&) {
            return ErrorCode::store_memory;
        }
    }
};

TEST_F(Memory, each_allocation_of_sqlite) { fail_each_command(in_sqlite); }
TEST_F(Memory, each_allocation_of_cpp) { fail_each_command(in_cpp); }

TEST_F(Memory, each_allocation_of_opening) {
    for (Allocations* allocations : {&in_sqlite, &in_cpp}) {
        for (std::uint64_t allocation = 0;; allocation += fault_stride(2)) {
            allocations->fail_at(allocation);
            ErrorCode code = ErrorCode::none;
            try {
                code = SqliteFile::why_not();
            } catch (const std::bad_alloc&) {
                code = ErrorCode::store_memory;
            }
            allocations->behave();
            ASSERT_TRUE(code == ErrorCode::none || code == ErrorCode::store_memory)
                << allocation << name_of(code);
            ASSERT_TRUE(bytes_of(path) == made) << allocation;
            if (!allocations->failed) break;
        }
    }
    EXPECT_TRUE(Engine{open().value()}.audit()->ok());
}

/// … of a whole day, spread over all that there are.
TEST_F(Memory, allocations_of_a_whole_day) {
    const std::uint64_t moments = std::max<std::uint64_t>(entitle_property::scaled(60), 12);
    for (Allocations* allocations : {&in_sqlite, &in_cpp}) {
        int troubles = 0;
        const auto lives = [&](std::uint64_t allocation) {
            const std::string file = scratch.file(fmt::format("{}{}.db", allocations == &in_cpp, allocation));
            const auto store = SqliteStore::open(file, {.synchronous = Synchronous::off}).value();
            Engine engine{*store};
            int trouble = 0;
            std::ignore = whole_day();  // is made once
            allocations->fail_at(allocation);
            const std::string wrong = live_through(engine, trouble);
            allocations->behave();
            troubles += trouble;
            EXPECT_EQ(wrong, "") << allocation;
            EXPECT_TRUE(engine.audit()->ok()) << allocation;
            return allocations->failed;
        };
        std::uint64_t all = 1;
        while (lives(all)) all *= 2;
        for (std::uint64_t i = 0; i < moments; ++i) std::ignore = lives(i * all / moments);
        EXPECT_GT(troubles, 0);
    }
}

}  // namespace
}  // namespace store_contract
