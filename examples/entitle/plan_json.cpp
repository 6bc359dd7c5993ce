#include "plan_json.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "source.hpp"
#include "text.hpp"

namespace program {

namespace {

using Parser = nlohmann::json;

constexpr std::size_t max_depth = 16;
/// Of one piece: an entitlement at the library's limits has fewer.
constexpr std::size_t max_nodes = 100'000;

/// Builds one piece at a time out of the parser's events, which come one by one: so repeated keys are
/// seen, and numbers as they were written.
class Handler final : public nlohmann::json_sax<Parser> {
public:
    Handler(std::span<const std::string_view> list_keys, PlanPieces& pieces, Faults& faults)
        : list_keys_{list_keys}, pieces_{pieces}, faults_{faults} {}

    bool null() override { return scalar({Node::Kind::null, {}, "null", {}}); }
    bool boolean(bool value) override {
        return scalar({Node::Kind::boolean, {}, value ? "true" : "false", {}});
    }
    bool number_integer(std::int64_t value) override {
        return scalar({Node::Kind::whole_number, {}, std::to_string(value), {}});
    }
    bool number_unsigned(std::uint64_t value) override {
        return scalar({Node::Kind::whole_number, {}, std::to_string(value), {}});
    }
    bool number_float(double /*value*/, const std::string& written) override {
        const bool whole = written.find_first_not_of("-0123456789") == std::string::npos;
        return scalar({whole ? Node::Kind::whole_number : Node::Kind::number, {}, written, {}});
    }
    bool string(std::string& value) override { return scalar({Node::Kind::text, {}, std::move(value), {}}); }
    bool binary(Parser::binary_t& /*value*/) override { return false; }  // JSON text has none
    bool start_object(std::size_t /*size*/) override { return start(Node::Kind::object); }
    bool start_array(std::size_t /*size*/) override { return start(Node::Kind::list); }
    bool end_object() override { return finish(); }
    bool end_array() override { return finish(); }
    bool key(std::string& name) override;
    bool parse_error(std::size_t position, const std::string& token, const Parser::exception& error) override;

private:
    bool start(Node::Kind kind);
    bool finish();
    bool scalar(Node node);
    bool place(Node node);
    void emit();
    [[nodiscard]] std::string piece_path() const;
    [[nodiscard]] std::string path() const;
    bool stop(std::string_view code, std::string_view sentence) {
        faults_.add(path(), code, sentence);
        return false;
    }

    std::span<const std::string_view> list_keys_;
    PlanPieces& pieces_;
    Faults& faults_;
    std::size_t depth_ = 0;
    bool passes_over_ = false;
    bool in_list_ = false;
    std::size_t index_ = 0;  ///< in the list
    std::string top_key_, key_;
    Node piece_;
    std::vector<Node*> open_;  ///< from the piece down to where the next value belongs
    std::size_t nodes_ = 0;
};

bool Handler::key(std::string& name) {
    if (depth_ > 1) {
        key_ = std::move(name);
        return true;
    }
    top_key_ = std::move(name);
    passes_over_ = !pieces_.begin(top_key_);
    return true;
}

bool Handler::start(Node::Kind kind) {
    if (++depth_ > max_depth) return stop("too_deep", fmt::format("nested deeper than {} levels", max_depth));
    if (depth_ == 1) return kind == Node::Kind::object || stop("wrong_type", "an object is wanted");
    if (passes_over_) return true;
    const bool is_listed = std::find(list_keys_.begin(), list_keys_.end(), top_key_) != list_keys_.end();
    if (depth_ == 2 && kind == Node::Kind::list && is_listed) {
        in_list_ = true;
        index_ = 0;
        return true;
    }
    return place({kind, {}, {}, {}});
}

bool Handler::finish() {
    --depth_;
    if (depth_ == 0 || passes_over_) return true;
    if (in_list_ && depth_ == 1) {
        in_list_ = false;
        return true;
    }
    open_.pop_back();
    if (open_.empty()) emit();
    return true;
}

bool Handler::scalar(Node node) {
    if (depth_ == 0) return stop("wrong_type", "an object is wanted");
    if (passes_over_) return true;
    if (!place(std::move(node))) return false;
    open_.pop_back();
    if (open_.empty()) emit();
    return true;
}

/// Puts a value where it belongs, and opens it.
bool Handler::place(Node node) {
    if (open_.empty()) {
        piece_ = std::move(node);
        nodes_ = 0;
        open_.push_back(&piece_);
        return true;
    }
    if (++nodes_ > max_nodes)
        return stop("too_large", fmt::format("more than {} values", grouped(max_nodes)));
    Node& parent = *open_.back();
    if (parent.kind == Node::Kind::object) node.key = std::move(key_);
    parent.items.push_back(std::move(node));
    open_.push_back(&parent.items.back());
    return true;
}

void Handler::emit() {
    if (in_list_) {
        pieces_.listed(piece_path(), piece_);
        ++index_;
    } else {
        pieces_.piece(piece_path(), piece_);
    }
    piece_ = {};
}

std::string Handler::piece_path() const {
    if (top_key_.empty() && !in_list_) return "plan";
    return in_list_ ? fmt::format("{}[{}]", top_key_, index_) : top_key_;
}

/// Of the value that is being read.
std::string Handler::path() const {
    std::string path = piece_path();
    for (std::size_t i = 0; i < open_.size(); ++i) {
        const Node& parent = *open_[i];
        const bool has_next = i + 1 < open_.size();
        if (parent.kind == Node::Kind::object) path += "." + (has_next ? open_[i + 1]->key : key_);
        else path += fmt::format("[{}]", parent.items.size() - (has_next ? 1 : 0));
    }
    return path;
}

/// Its own words, without its name and without the whole of what it read last.
bool Handler::parse_error(std::size_t /*position*/, const std::string& /*token*/,
                          const Parser::exception& error) {
    constexpr int number_too_large = 406;
    if (error.id == number_too_large) return stop("total_out_of_range", "a number beyond every limit");
    std::string_view said = error.what();
    constexpr std::string_view before = "parse error at ";
    if (const auto at = said.find(before); at != std::string_view::npos)
        said.remove_prefix(at + before.size());
    const auto colon = said.find(": ");
    if (colon == std::string_view::npos) return stop("bad_json", printable(said));
    const std::string_view place = said.substr(0, colon);
    said.remove_prefix(colon + 2);
    said = said.substr(0, said.find("; last read"));
    faults_.add(place, "bad_json", escaped(said.substr(0, 200)));
    return false;
}

}  // namespace

bool read_plan_json(const std::string& path, std::span<const std::string_view> list_keys, PlanPieces& pieces,
                    Faults& faults) {
    const FileHandle file{std::fopen(path.c_str(), "rb")};
    // A folder can be opened, and not be read.
    if (!file || (std::fgetc(file.get()) == Source::end && std::ferror(file.get()) != 0)) {
        faults.add("plan", "unreadable", std::strerror(errno));
        return false;
    }
    std::rewind(file.get());
    Handler handler{list_keys, pieces, faults};
    return Parser::sax_parse(file.get(), &handler);
}

}  // namespace program
