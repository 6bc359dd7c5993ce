// Everything that a desk can be asked, over every store: as it is, while the disk fails, while connections are cut, and in
// a child that must not go on with what its parent opened.

#include "whole_day.hpp"

#include <cstdlib>

#include <sys/wait.h>

#include "children.hpp"
#include "cutting_proxy.hpp"
#include "faulty_vfs.hpp"
#include "postgres_desk.hpp"
#include "sqlite_file.hpp"
#include "stores.hpp"

namespace store_contract {
namespace {

class WholeDay : public Contract {
protected:
    Engine engine{*store};
};

TEST_P(WholeDay, happens_and_asked_again_has_happened) {
    int trouble = 0;
    EXPECT_EQ(live_through(engine, trouble), "");
    const Everything before = everything(*store);
    EXPECT_EQ(live_through(engine, trouble), "");
    EXPECT_TRUE(everything(*store) == before);
    EXPECT_EQ(trouble, 0);
}

INSTANTIATE_TEST_SUITE_P(, WholeDay, testing::ValuesIn(stores()),
                         [](const auto& sort) { return std::string{sort.param.name}; });

/// What the day leaves where there is no trouble.
const Everything& undisturbed() {
    static const Everything all = [] {
        MemoryStore store;
        Engine engine{store};
        int trouble = 0;
        EXPECT_EQ(live_through(engine, trouble), "");
        return everything(store);
    }();
    return all;
}

/// So many moments at which something fails, spread over all that there are.
[[nodiscard]] std::uint64_t moments(std::uint64_t usual) {
    return std::max<std::uint64_t>(entitle_property::scaled(usual), 8);
}

using SqliteDay = SqliteFile;

TEST_F(SqliteDay, whatever_the_disk_fails_at) {
    FaultyVfs vfs{"entitle_whole_day"};
    int troubles = 0;
    const auto lives = [&](std::uint64_t at, Fault fault) {
        const std::string file = scratch.file(fmt::format("{}{}.db", static_cast<int>(fault), at));
        SqliteOptions options;
        options.vfs = vfs.name();
        auto store = SqliteStore::open(file, options).value();
        Engine engine{*store};
        int trouble = 0;
        vfs.fail_at(at, fault);
        const std::string wrong = live_through(engine, trouble);
        const bool failed = vfs.has_failed();
        vfs.behave();
        troubles += trouble;
        EXPECT_EQ(wrong, "") << at;
        EXPECT_TRUE(everything(*store) == undisturbed()) << at;
        return failed;
    };
    std::uint64_t calls = 1;
    while (lives(calls, Fault::io_error)) calls *= 2;
    for (const Fault fault : {Fault::io_error, Fault::disk_full, Fault::short_read}) {
        for (std::uint64_t i = 0; i < moments(40); ++i) std::ignore = lives(i * calls / moments(40), fault);
    }
    EXPECT_GT(troubles, 0);
}

using PostgresDay = Postgres;

TEST_F(PostgresDay, wherever_the_connection_is_cut) {
    CuttingProxy proxy{PostgresServer::shared().folder()};
    std::uint64_t day = 0;
    const auto lives = [&](std::int64_t from_client, std::int64_t from_server) {
        const std::string text = conninfo_of(scratch.file(fmt::format("day{}", ++day)));
        const std::string through = text + " host=" + proxy.folder();
        Engine engine{PostgresStore::connect(through).value()};
        int trouble = 0;
        const auto before = proxy.cuts();
        proxy.cut_after(from_client, from_server);
        const std::string wrong = live_through(engine, trouble);
        proxy.cut_after(0, 0);
        EXPECT_EQ(wrong, "") << from_client << ' ' << from_server;
        const auto store = PostgresStore::connect(text).value();
        EXPECT_TRUE(everything(*store) == undisturbed()) << from_client << ' ' << from_server;
        return proxy.cuts() != before;
    };
    std::int64_t sent = 1'000;
    while (lives(sent, 0)) sent *= 2;
    std::int64_t got = 1'000;
    while (lives(0, got)) got *= 2;
    const auto count = static_cast<std::int64_t>(moments(24));
    for (std::int64_t i = 1; i < count; ++i) {
        std::ignore = lives(i * sent / count, 0);
        std::ignore = lives(0, i * got / count);
    }
}

/// In a child that goes on with what its parent opened each step is `store_forked`; how many were not.
[[nodiscard]] int not_forked(Engine& engine) {
    const int status = ended(in_child([&] {
        int wrong = 0;
        for (const DayStep& step : whole_day()) wrong += step.run(engine) == ErrorCode::store_forked ? 0 : 1;
        return wrong;
    }));
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST_F(SqliteDay, does_not_go_on_in_a_child) {
    Engine engine{open().value()};
    EXPECT_EQ(not_forked(engine), 0);
}

TEST_F(PostgresDay, does_not_go_on_in_a_child) {
    Engine engine{open().value()};
    EXPECT_EQ(not_forked(engine), 0);
}

}  // namespace
}  // namespace store_contract
