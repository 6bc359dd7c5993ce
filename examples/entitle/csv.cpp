#include "csv.hpp"

namespace program {

bool CsvReader::next(CsvRecord& record) {
    do {
        if (source_.peek() == Source::end) return false;
        record.line = line_;
        read_record();
    } while (is_blank());
    record.columns = columns_;
    record.broken = broken_;
    record.fields.clear();
    std::size_t begin = 0;
    for (const std::size_t end : ends_) {
        record.fields.push_back(std::string_view{text_}.substr(begin, end - begin));
        begin = end;
    }
    return true;
}

void CsvReader::rewind() {
    source_.rewind();
    line_ = 1;
}

bool CsvReader::is_blank() const { return columns_ == 1 && text_.empty() && !quoted_ && broken_.empty(); }

void CsvReader::read_record() {
    text_.clear();
    ends_.clear();
    columns_ = 0;
    quoted_ = false;
    broken_ = {};
    int after = Source::end;
    do {
        read_field();
        ++columns_;
        if (ends_.size() < max_fields) ends_.push_back(text_.size());
        after = source_.take();
    } while (after == ',');
    if (after == '\n') ++line_;
}

void CsvReader::read_field() {
    if (source_.peek() == '"') read_quoted();
    else read_plain();
}

void CsvReader::read_quoted() {
    quoted_ = true;
    source_.take();
    for (;;) {
        const int c = source_.take();
        if (c == Source::end) return breaks("a quote is never closed");
        if (c == '"') {
            if (source_.peek() != '"') break;
            source_.take();
        }
        if (c == '\n') ++line_;
        keep(c);
    }
    if (source_.peek() == '\r') {
        source_.take();
        if (source_.peek() == '\n' || source_.peek() == Source::end) return;
        breaks("text after a closing quote");
    }
    while (source_.peek() != ',' && source_.peek() != '\n' && source_.peek() != Source::end) {
        breaks("text after a closing quote");
        source_.take();
    }
}

void CsvReader::read_plain() {
    bool ends_in_return = false;
    while (source_.peek() != ',' && source_.peek() != '\n' && source_.peek() != Source::end) {
        const int c = source_.take();
        if (c == '"') breaks("a quote inside a field that does not begin with one");
        keep(c);
        ends_in_return = c == '\r';
    }
    if (ends_in_return && source_.peek() != ',' && !text_.empty() && text_.back() == '\r') text_.pop_back();
}

void CsvReader::keep(int c) {
    if (text_.size() < max_bytes) text_.push_back(static_cast<char>(c));
    else breaks("a row of more than 16 MiB");
}

std::string csv_field(std::string_view text) {
    if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string{text};
    std::string out{'"'};
    for (const char c : text) {
        if (c == '"') out.push_back('"');
        out.push_back(c);
    }
    out.push_back('"');
    return out;
}

}  // namespace program
