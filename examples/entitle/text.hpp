#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

/// Text that came from a file, or that a person is going to read.
namespace program {

/// Fit for one line of a terminal: the bytes of control characters, of those that turn the order of what is read, and
/// those that are not UTF-8 become `\xNN`, and what is longer than 60 characters is cut.
[[nodiscard]] std::string printable(std::string_view text);

/// Like `printable`, but whole: for the names of files and of what stands in them.
[[nodiscard]] std::string escaped(std::string_view text);

/// `1,234,567`
[[nodiscard]] std::string grouped(std::uint64_t number);

/// How many columns of a terminal the text takes.
[[nodiscard]] std::size_t width_of(std::string_view text);

/// The longest beginning of it that takes no more columns.
[[nodiscard]] std::string_view within_columns(std::string_view text, std::size_t width);

/// Filled up with spaces to a width.
[[nodiscard]] std::string left(std::string_view text, std::size_t width);
[[nodiscard]] std::string right(std::string_view text, std::size_t width);

/// A key of the files: 1 to 200 code points.
inline constexpr std::size_t max_key = 200;

}  // namespace program
