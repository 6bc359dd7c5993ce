#pragma once

#include <memory>
#include <string>

#include <entitle/store/store.hpp>
#include <tl/expected.hpp>

namespace program {

/// Where a desk is kept: in memory, in a new SQLite file, or in a PostgreSQL database (`postgresql://…`) that has
/// none yet: a desk that is there already is not added to. Else a sentence that says why not.
[[nodiscard]] tl::expected<std::unique_ptr<entitle::Store>, std::string> make_store(const std::string& place);

/// What a message calls the place. How a database is connected to may be secret.
[[nodiscard]] std::string name_of_place(const std::string& place);

}  // namespace program
