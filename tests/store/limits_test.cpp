// What a store can number: at its limit, and one past it. An edit by hand takes a desk there.

#include "postgres_desk.hpp"
#include "sqlite_file.hpp"

namespace store_contract {
namespace {

using SqliteLimits = SqliteFile;
using PostgresLimits = Postgres;

/// A customer's next command is the last that can be numbered; the one after it is refused, and changes nothing.
void expect_one_more_command(Engine& engine) {
    const Outcome last = open_case(engine, 100);
    ASSERT_THAT(last, ok());
    EXPECT_EQ(last->number, 4'294'967'295U);
    const auto entries = engine.entries(acme)->size();
    EXPECT_THAT(open_case(engine, 101), refused(ErrorCode::store_limit));
    EXPECT_THAT(engine.resolve_case({.customer = acme, .id = CaseId::from_integer(100)}, july),
                refused(ErrorCode::store_limit));
    EXPECT_EQ(engine.entries(acme)->size(), entries);
    EXPECT_THAT(engine.support_case(acme, CaseId::from_integer(101)), refused(ErrorCode::unknown_case));
    EXPECT_EQ(engine.entitlement(acme, gold)->remaining, 996);
}

TEST_F(SqliteLimits, commands_of_a_customer) {
    make(3);
    edit("UPDATE entitle_customers SET last_number = 4294967294");
    Engine engine{open().value()};
    expect_one_more_command(engine);
}

TEST_F(PostgresLimits, commands_of_a_customer) {
    {
        Engine engine{open().value()};
        grant(engine, 1000);
        for (std::uint64_t id = 1; id <= 3; ++id) ASSERT_THAT(open_case(engine, id), ok());
    }
    std::ignore = value("UPDATE entitle_customers SET last_number = 4294967294 RETURNING 1");
    Engine engine{open().value()};
    expect_one_more_command(engine);
}

TEST_F(SqliteLimits, customers_of_a_file) {
    make(3);
    edit("INSERT INTO entitle_customers (customer, id, shape) VALUES (2147483646, randomblob(16), 0)");
    Engine engine{open().value()};
    const auto drafted_for = [&](std::uint64_t customer) {
        Draft draft = agreed(on_creation(5));
        draft.customer = CustomerId::from_integer(customer);
        return engine.draft(draft, july);
    };
    EXPECT_THAT(drafted_for(1000), ok());
    EXPECT_THAT(drafted_for(1001), refused(ErrorCode::store_limit));
    EXPECT_EQ(number("SELECT count(*) FROM entitle_customers"), 3) << "nothing is half applied";
    EXPECT_THAT(drafted_for(1000), ok()) << "those that it has go on";
}

}  // namespace
}  // namespace store_contract
