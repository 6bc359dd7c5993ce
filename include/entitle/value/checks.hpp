#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "entitle/value/agreement.hpp"
#include "entitle/value/error.hpp"
#include "entitle/value/error_code.hpp"
#include "entitle/value/limits.hpp"
#include "entitle/value/text.hpp"

/// What is asked of texts and scopes wherever they are written down.
namespace entitle::inline v0 {

/// A text of `least` to `most` code points of UTF-8.
[[nodiscard]] inline Result<void> check_text(std::string_view text, std::size_t least, std::size_t most,
                                             ErrorCode otherwise) {
    const auto length = code_points(text);
    if (!length) return refuse(ErrorCode::not_utf8);
    if (*length < least || *length > most) return refuse(otherwise);
    return {};
}

/// A list of things that have an id or a name.
template <class Item>
[[nodiscard]] Result<void> check_list(const std::vector<Item>& list) {
    if (list.size() > max_scope_items) return refuse(ErrorCode::too_many_scope_items);
    for (const Item& item : list) {
        if (item.is_none()) return refuse(ErrorCode::scope_item_missing);
    }
    return {};
}

[[nodiscard]] inline Result<void> check_scope(const Scope& scope) {
    if (auto checked = check_list(scope.contacts); !checked) return checked;
    if (auto checked = check_list(scope.products); !checked) return checked;
    if (auto checked = check_list(scope.assets); !checked) return checked;
    return check_list(scope.case_types);
}

}  // namespace entitle::inline v0
