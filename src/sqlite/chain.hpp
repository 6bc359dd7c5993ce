#pragma once

#include <cstdint>
#include <vector>

#include "connection.hpp"

/// Entries and cases lie in the order in which they were committed, and each names the same customer's row
/// before it. So a customer's are found from the last one backwards.
namespace entitle::inline v0::sqlite {

/// One row of a chain, and the number by which it is looked for.
struct Link {
    std::int64_t row = 0;
    std::int64_t number = 0;
};

/// How a table is followed.
struct ChainTable {
    const char* link;  ///< customer, number and previous of a row
    const char* rest;  ///< row and number of a customer's rows before a row, the last first
};
extern const ChainTable entry_chain;  ///< numbers: of the commands
extern const ChainTable case_chain;   ///< numbers: of the entitlements; 0: deleted

/// A customer's chain in the file.
struct Chain {
    std::int64_t customer = 0;
    std::int64_t last = 0;  ///< row; 0: none
};

/// The links of a chain in their order. Where `links` has them up to a former last row already, the newer ones
/// are added. A row that is named but is not there was removed by hand: those before it are searched for.
[[nodiscard]] int follow(Connection& connection, const ChainTable& table, const Chain& chain,
                         std::vector<Link>& links);

/// What was followed last, kept so that the next page need not follow it again. It may be out of date: who
/// reads along it compares what each row says of the row before it.
struct Trail {
    std::int64_t customer = 0;
    std::vector<Link> links{};
};

struct Trails {
    Trail entries{};
    Trail cases{};
};

}  // namespace entitle::inline v0::sqlite
