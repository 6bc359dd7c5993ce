#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fault.hpp"

/// The JSON of a plan, piece by piece: a piece is the value of a key of the file's object, or one element
/// of one of its lists. Only one piece is kept at a time.
namespace program {

/// A value. Numbers are kept as they were written: none ever passes through floating point.
struct Node {
    enum class Kind : unsigned char { null, boolean, whole_number, number, text, list, object };

    Kind kind = Kind::null;
    std::string key{};          ///< in an object
    std::string text{};         ///< of a boolean (`true`, `false`), a number or a text
    std::vector<Node> items{};  ///< of a list or an object, repeated keys included

    [[nodiscard]] bool is_number() const { return kind == Kind::whole_number || kind == Kind::number; }
};

/// Takes the pieces of a plan as they are read.
class PlanPieces {
public:
    PlanPieces() = default;
    PlanPieces(const PlanPieces&) = delete;
    PlanPieces& operator=(const PlanPieces&) = delete;
    virtual ~PlanPieces() = default;

    /// A key of the file's object; false where it is to be passed over.
    virtual bool begin(const std::string& key) = 0;
    virtual void piece(const std::string& path, const Node& node) = 0;
    virtual void listed(const std::string& path, const Node& element) = 0;
};

/// Reads a file; false where it was not read to its end, after the fault that says why: it cannot be read,
/// is not JSON, is nested too deep, or has too large a piece.
[[nodiscard]] bool read_plan_json(const std::string& path, std::span<const std::string_view> list_keys,
                                  PlanPieces& pieces, Faults& faults);

}  // namespace program
