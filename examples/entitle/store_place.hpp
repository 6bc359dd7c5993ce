#pragma once

#include <string>
#include <string_view>

namespace program {

/// Whether a place is a PostgreSQL database: `postgresql://…`.
[[nodiscard]] bool is_database(std::string_view place);

/// What a message calls the place. How a database is connected to may be secret.
[[nodiscard]] std::string name_of_place(const std::string& place);

}  // namespace program
