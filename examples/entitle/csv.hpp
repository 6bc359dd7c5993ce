#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "source.hpp"

/// Comma-separated values as RFC 4180 has them, with LF or CRLF.
namespace program {

/// One record; valid until the next is read.
struct CsvRecord {
    std::uint64_t line = 0;  ///< of the file, from 1, where the record begins
    std::vector<std::string_view> fields{};
    std::size_t columns = 0;    ///< all of them, also those that were not kept as fields
    std::string_view broken{};  ///< why it cannot be read; empty where it can
};

/// Reads records one at a time and skips blank lines. However long a line or unclosed a quote: it keeps
/// at most `max_bytes` and `max_fields` of a record.
class CsvReader {
public:
    static constexpr std::size_t max_bytes = std::size_t{16} << 20;
    static constexpr std::size_t max_fields = 1000;

    explicit CsvReader(Source source) : source_{std::move(source)} {}

    /// False at the end.
    bool next(CsvRecord& record);
    void rewind();
    [[nodiscard]] const Source& source() const { return source_; }

private:
    void read_record();
    void read_field();
    void read_quoted();
    void read_plain();
    void keep(int c);
    void breaks(std::string_view why) {
        if (broken_.empty()) broken_ = why;
    }
    [[nodiscard]] bool is_blank() const;

    Source source_;
    std::uint64_t line_ = 1;
    std::string text_;  ///< of the record's fields, without their quotes
    std::vector<std::size_t> ends_;
    std::size_t columns_ = 0;
    bool quoted_ = false;
    std::string_view broken_;
};

/// A field as it is written: in quotes only where RFC 4180 needs them.
[[nodiscard]] std::string csv_field(std::string_view text);

}  // namespace program
