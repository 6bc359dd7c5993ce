#include <cstdlib>
#include <filesystem>
#include <new>
#include <random>

#include "faulty_vfs.hpp"
#include "property/history.hpp"
#include "sqlite_file.hpp"

// Whatever the disk does: an error is reported, nothing that was acknowledged is lost, a retry succeeds.

namespace store_contract {
namespace {

/// What a desk does in a day, each step with an id under which it may be tried again.
class Workload {
public:
    /// Runs all of it. A step that the store fails is tried again once; `fails` counts them. Off: a retry failed.
    [[nodiscard]] bool run(Engine& engine, const std::function<void()>& before_retry = {}) {
        for (std::size_t step = 0; step < steps; ++step) {
            if (do_step(engine, step)) {
                acknowledged = step + 1;
                continue;
            }
            ++fails;
            if (before_retry) before_retry();
            if (!do_step(engine, step)) return false;
            acknowledged = step + 1;
        }
        return true;
    }

    /// Everything acknowledged is there: each step leaves a request id.
    [[nodiscard]] bool is_kept(Engine& engine) const {
        for (std::size_t step = 0; step < acknowledged; ++step) {
            bool all_repeated = true;
            for (const Outcome& outcome : outcomes_of(engine, step)) {
                all_repeated = all_repeated && outcome && outcome->repeated;
            }
            if (!all_repeated) return false;
        }
        return true;
    }

    static constexpr std::size_t steps = 12;
    std::size_t acknowledged = 0;
    int fails = 0;

private:
    [[nodiscard]] static bool do_step(Engine& engine, std::size_t step) {
        const std::vector<Outcome> outcomes = outcomes_of(engine, step);
        return std::all_of(outcomes.begin(), outcomes.end(),
                           [](const Outcome& outcome) { return outcome.has_value(); });
    }
    [[nodiscard]] static std::vector<Outcome> outcomes_of(Engine& engine, std::size_t step) {
        const std::vector<Command> commands = commands_of(step);
        std::vector<Outcome> outcomes(commands.size());
        (void)engine.apply(std::span<const Command>{commands}, july, std::span{outcomes});
        return outcomes;
    }
    [[nodiscard]] static std::vector<Command> commands_of(std::size_t step) {
        const RequestId request = RequestId::from_integer(100 + step);
        switch (step) {
            case 0: {
                Draft draft =
                    agreed(unrestricted(100), {{Channel::phone, cases(50)}, {Channel::web, cases(50)}});
                draft.id = gold;
                draft.scope.products = {"router"_product, "pump"_product};
                draft.request = request;
                return {draft};
            }
            case 1: return {Activate{.customer = acme, .id = gold, .request = request}};
            case 2: return batch(1, 40);
            case 3: return {open(41, request)};
            case 4: return {CancelCase{.customer = acme, .id = CaseId::from_integer(41), .request = request}};
            case 5:
                return {ChangeOrigin{.customer = acme,
                                     .id = CaseId::from_integer(1),
                                     .origin = Channel::web,
                                     .request = request}};
            case 6:
                return {Amend{.customer = acme,
                              .id = gold,
                              .changes = {.name = "Gold", .description = std::string(1500, 'g')},
                              .request = request}};
            case 7: {
                Draft draft = agreed(on_creation(5));
                draft.id = "silver"_entitlement;
                draft.is_default = true;
                draft.request = request;
                return {draft};
            }
            case 8: return batch(50, 40);
            case 9: return {Remove{.customer = acme, .id = "silver"_entitlement, .request = request}};
            case 10:
                return {Adjust{.customer = acme,
                               .id = gold,
                               .quantity = cases(3),
                               .reason = "counted by hand",
                               .request = request}};
            default: return batch(100, 100);
        }
    }
    [[nodiscard]] static OpenCase open(std::uint64_t id, RequestId request) {
        return {.customer = acme,
                .id = CaseId::from_integer(id),
                .product = "pump"_product,
                .origin = Channel::phone,
                .request = request};
    }
    [[nodiscard]] static std::vector<Command> batch(std::uint64_t first, std::uint64_t count) {
        std::vector<Command> commands;
        for (std::uint64_t id = first; id < first + count; ++id) {
            commands.emplace_back(open(id, RequestId::from_integer(1000 + id)));
        }
        return commands;
    }
};

class Faults : public SqliteFile {
protected:
    [[nodiscard]] SqliteOptions through_vfs() const {
        SqliteOptions options;
        options.vfs = vfs.name();
        options.page_cache_bytes = 64 << 10;  // so that pages are read again
        options.busy_timeout = 100ms;
        return options;
    }

    /// The file, seen without the fault.
    void check_file(const Workload& work, const std::string& what) {
        ASSERT_EQ(number("SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"), 0)
            << what;
        Engine engine{open({.synchronous = Synchronous::off}).value()};
        const auto report = engine.audit();
        ASSERT_TRUE(report && report->ok()) << what;
        EXPECT_TRUE(work.is_kept(engine)) << what;
    }

    /// Lets each call in turn fail, until a run passes untouched.
    void fail_each_call(Fault fault, bool lasting) {
        const std::uint64_t stride = fault_stride(2);
        std::uint64_t reported = 0;
        for (std::uint64_t call = 0;; call += stride) {
            const std::string what = fmt::format("call {}{}", call, lasting ? " and all after it" : "");
            remove_file();
            Workload work;
            vfs.fail_at(call, fault, lasting);
            run_through(work, what);
            vfs.behave();
            reported += work.fails > 0 ? 1 : 0;
            check_file(work, what);
            if (HasFailure() || !vfs.has_failed()) break;
        }
        EXPECT_GT(reported, 10 / stride) << "or the faults are never met";
    }

    void run_through(Workload& work, const std::string& what) {
        auto opened = open(through_vfs());
        if (!opened) {
            ++work.fails;
            vfs.behave();
            opened = open(through_vfs());
        }
        ASSERT_TRUE(opened) << what << fmt::format(": {}", opened.error());
        Engine engine{std::move(*opened)};
        EXPECT_TRUE(work.run(engine, [&] { vfs.behave(); })) << what;
    }
    void remove_file() const {
        for (const char* suffix : {"", "-wal", "-shm", "-journal"}) std::filesystem::remove(path + suffix);
    }

    FaultyVfs vfs{"entitle_faulty"};
};

TEST_F(Faults, each_call_that_fails_once) { fail_each_call(Fault::io_error, false); }
TEST_F(Faults, each_call_that_fails_and_all_after_it) { fail_each_call(Fault::io_error, true); }
TEST_F(Faults, a_full_disk_at_each_write) { fail_each_call(Fault::disk_full, true); }
TEST_F(Faults, a_read_that_gives_nothing) { fail_each_call(Fault::short_read, false); }

TEST_F(Faults, of_each_sort_are_told_as_what_they_are) {
    make();
    const std::vector<std::pair<int, ErrorCode>> told{
        {SQLITE_IOERR_NOMEM, ErrorCode::store_memory}, {SQLITE_IOERR_CORRUPTFS, ErrorCode::database_corrupt},
        {SQLITE_IOERR_FSYNC, ErrorCode::store_io},     {SQLITE_NOMEM, ErrorCode::store_memory},
        {SQLITE_FULL, ErrorCode::store_full},          {SQLITE_READONLY_DBMOVED, ErrorCode::store_read_only},
        {SQLITE_PERM, ErrorCode::store_unavailable},   {SQLITE_CORRUPT, ErrorCode::database_corrupt},
        {SQLITE_PROTOCOL, ErrorCode::store_busy},      {SQLITE_MISMATCH, ErrorCode::database_corrupt},
        {SQLITE_TOOBIG, ErrorCode::store_limit},       {SQLITE_INTERNAL, ErrorCode::store_failed}};
    for (const auto& [code, is] : told) {
        Engine engine{open(through_vfs()).value()};
        vfs.fail_with(code);
        EXPECT_EQ(why(open_case(engine, 1'000)), is) << code;
        vfs.behave();
    }
}

TEST_F(Faults, a_backup_that_fails_leaves_no_file) {
    Workload work;
    run_through(work, "prepare");
    const std::string copy = scratch.file("copy.db");
    const auto store = open(through_vfs()).value();
    for (std::uint64_t call = 0;; ++call) {
        vfs.fail_at(call, Fault::io_error);
        const auto backed_up = store->backup(copy);
        vfs.behave();
        if (backed_up) {
            const auto opened = SqliteStore::open(copy);
            ASSERT_TRUE(opened) << "call " << call;
            EXPECT_TRUE(Engine{**opened}.audit()->ok());
        } else {
            EXPECT_FALSE(std::filesystem::exists(copy) && std::filesystem::file_size(copy) > 0)
                << "call " << call;
        }
        for (const char* suffix : {"", "-wal", "-shm", "-journal"}) std::filesystem::remove(copy + suffix);
        if (!vfs.has_failed()) break;
    }
    EXPECT_TRUE(Engine{*store}.audit()->ok());
}

/// What a loss of power at some moment may leave, and what had been acknowledged by then.
struct PowerLoss {
    std::size_t acknowledged;
    std::unique_ptr<std::string> file;
    std::unique_ptr<std::string> log;
};

TEST_F(Faults, a_loss_of_power_at_any_moment_drops_any_sectors_that_were_not_synced) {
    std::mt19937 random{2014};
    std::vector<PowerLoss> losses;
    Workload work;
    vfs.on_change = [&] {
        // Every sector, none, or any of them.
        const unsigned mode = static_cast<unsigned>(random() % 4);
        const auto dropped = [&] { return mode == 0 || (mode != 1 && random() % 2 == 0); };
        losses.push_back({work.acknowledged, vfs.after_power_loss(path, dropped),
                          vfs.after_power_loss(path + "-wal", dropped)});
    };
    run_through(work, "no fault");
    vfs.on_change = {};
    ASSERT_GT(losses.size(), 250U);
    const std::size_t stride = fault_stride(1);
    for (std::size_t i = 0; i < losses.size(); i += stride) {
        remove_file();
        if (losses[i].file) write_bytes(path, *losses[i].file);
        if (losses[i].log) write_bytes(path + "-wal", *losses[i].log);
        work.acknowledged = losses[i].acknowledged;
        check_file(work, fmt::format("power lost at {}", i));
        if (HasFailure()) break;
    }
}

}  // namespace
}  // namespace store_contract
