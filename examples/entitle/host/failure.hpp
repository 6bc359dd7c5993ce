#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <entitle/value/error.hpp>
#include <tl/expected.hpp>

/// Why the program did not do what it was asked, and what it then ends with: the one place for both.
namespace program {

/// What the program ends with (`replay` has its own meanings).
enum class ExitStatus : std::uint8_t {
    ok = 0,
    refused = 1,  ///< by a rule, or because a thing is not there
    misuse = 2,   ///< the arguments or a file are wrong
    storage = 3   ///< the desk cannot be read or written
};

struct Failure {
    ExitStatus status = ExitStatus::misuse;
    std::string code{};      ///< a stable name: the library's, or one of the program's own
    std::string sentence{};  ///< the fact, and what to do
    std::string reason{};    ///< of `not_entitled`: what the nearest entitlement says
};

/// The value, or why there is none.
template <class T>
using Or = tl::expected<T, Failure>;
using Done = Or<void>;
using Failed = tl::unexpected<Failure>;

/// What the library says, and what a person can do about it.
[[nodiscard]] Failure failure_of(const entitle::Error& error);

[[nodiscard]] inline Failed fail(ExitStatus status, std::string_view code, std::string sentence) {
    return Failed{Failure{status, std::string{code}, std::move(sentence)}};
}
[[nodiscard]] inline Failed fail(const entitle::Error& error) { return Failed{failure_of(error)}; }
[[nodiscard]] inline Failed misused(std::string sentence) {
    return fail(ExitStatus::misuse, "bad_argument", std::move(sentence));
}

/// Hands on what went wrong.
template <class T>
[[nodiscard]] Failed passed_on(const Or<T>& from) {
    return Failed{from.error()};
}
template <class T>
[[nodiscard]] Failed passed_on(const entitle::Result<T>& from) {
    return fail(from.error());
}

}  // namespace program
