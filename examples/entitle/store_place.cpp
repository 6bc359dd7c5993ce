#include "store_place.hpp"

namespace program {

bool is_database(std::string_view place) {
    return place.starts_with("postgresql://") || place.starts_with("postgres://");
}

std::string name_of_place(const std::string& place) { return is_database(place) ? "the database" : place; }

}  // namespace program
