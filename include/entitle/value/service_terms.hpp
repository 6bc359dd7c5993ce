#pragma once

#include <cstdint>
#include <string>

#include "entitle/value/id.hpp"

namespace entitle::inline v0 {

/// Something that service levels are made of, as stores keep it (section 11): a calendar, a service level, or which
/// one is the default. The text is the engine's own (`sla/service_terms_text.hpp`); a store only keeps it.
struct ServiceTerms {
    /// The values are stored: they never change.
    enum class Kind : std::uint8_t {
        calendar = 1,
        service_level = 2,    ///< stays as it was first kept: promises refer to it
        default_service = 3,  ///< of `default_id`: there is one at most
    };
    static constexpr Uuid default_id{0, 1};

    Kind kind = Kind::calendar;
    Uuid id{};
    std::string text{};

    friend bool operator==(const ServiceTerms&, const ServiceTerms&) = default;
};

}  // namespace entitle::inline v0
