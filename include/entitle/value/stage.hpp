#pragma once

#include <string_view>

#include "entitle/value/short_name.hpp"

namespace entitle::inline v0 {

/// Where an open case stands in the host's own work, as in `waiting for the customer`: service levels pause in
/// some of them (section 11), and nothing else asks. A name of 1–31 bytes of UTF-8, see `ShortName`; the default
/// value is *none*.
class Stage : public ShortName<Stage> {
public:
    constexpr Stage() = default;

private:
    friend ShortName;
    constexpr explicit Stage(std::string_view name) : ShortName{name} {}
};

}  // namespace entitle::inline v0

template <>
struct fmt::formatter<entitle::Stage> : entitle::detail::ShortNameFormatter<entitle::Stage> {};
