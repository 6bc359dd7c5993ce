#include "host/plan_json_writer.hpp"

#include <string>

namespace program {

Json json_of(const Node& node) {
    switch (node.kind) {
        case Node::Kind::null: return nullptr;
        case Node::Kind::boolean: return node.text == "true";
        case Node::Kind::whole_number:
        case Node::Kind::number: return std::stoll(node.text);
        case Node::Kind::text: return node.text;
        case Node::Kind::list:
        case Node::Kind::object: break;
    }
    const bool is_list = node.kind == Node::Kind::list;
    Json out = is_list ? Json::array() : Json::object();
    for (const Node& item : node.items) {
        if (is_list) out.push_back(json_of(item));
        else out[item.key] = json_of(item);
    }
    return out;
}

}  // namespace program
