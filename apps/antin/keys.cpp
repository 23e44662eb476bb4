#include "keys.hpp"

#include <algorithm>

#include "base/random.hpp"
#include "files.hpp"

namespace antin::program {
namespace {

constexpr const char* root_label = "antin-root";
constexpr const char* root_folder = "root-token";

std::string library(const Config& config) {
    return config.token_module.empty() ? hsm::find_softhsm() : config.token_module;
}

Result<std::shared_ptr<hsm::Module>> open_module(const Config& config, std::string folder) {
    hsm::ModuleSettings settings;
    settings.library = library(config);
    settings.folder = std::move(folder);
    if (settings.library.empty()) {
        return fail(ErrorKind::Unavailable, "token.module_missing", "softhsm2 is not installed");
    }
    return hsm::Module::open(settings);
}

Result<std::shared_ptr<hsm::Module>> open_server_module(const Config& config) {
    return open_module(config, config.token_folder.empty()
                                   ? std::string{}
                                   : config.file(config.token_folder).string());
}

Result<std::shared_ptr<hsm::Token>> open_token(const Config& config, const std::string& label,
                                               const std::string& pin_file, int workers) {
    ANTIN_TRY(pin, read_secret(config.file(pin_file)));
    ANTIN_TRY(module, open_server_module(config));
    hsm::TokenAccess access;
    access.label = label;
    access.pin = pin;
    access.workers = workers;
    return hsm::Token::open(module, access);
}

Result<bool> has_token(hsm::Module& module, std::string_view label) {
    ANTIN_TRY(tokens, module.tokens());
    return std::any_of(tokens.begin(), tokens.end(), [&](const hsm::TokenInfo& token) {
        return token.initialised && token.label == label;
    });
}

/// PIN file first: a token whose PIN nobody knows would be lost.
Status make_token(const Config& config, hsm::Module& module, const std::string& label,
                  const std::string& pin_file) {
    const auto path = config.file(pin_file);
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored)) {
        ANTIN_CHECK(write_file(path, random_readable(20) + "\n", 0600));
        ANTIN_CHECK(write_file(path.string() + ".so", random_readable(20) + "\n", 0600));
    }
    ANTIN_TRY(exists, has_token(module, label));
    if (exists) return {};
    ANTIN_TRY(pin, read_secret(path));
    ANTIN_TRY(so_pin, read_secret(path.string() + ".so"));
    const auto made = module.initialise(label, so_pin, pin);
    if (!made) return fail(made.error());
    return {};
}

}  // namespace

Result<std::shared_ptr<hsm::Token>> open_issuing_token(const Config& config) {
    return open_token(config, config.token_label, config.token_pin_file,
                      static_cast<int>(config.signing_threads) + 1);
}

Result<std::shared_ptr<hsm::Token>> open_central_token(const Config& config) {
    return open_token(config, config.central_token_label, config.central_token_pin_file, 2);
}

Status make_tokens(const Config& config) {
    if (config.token_folder.empty()) return {};  // a vendor's device: its own tools prepare it
    ANTIN_CHECK(make_private_folder(config.file(config.token_folder)));
    ANTIN_TRY(module, open_server_module(config));
    ANTIN_CHECK(make_token(config, *module, config.token_label, config.token_pin_file));
    return make_token(config, *module, config.central_token_label, config.central_token_pin_file);
}

Result<std::shared_ptr<hsm::Token>> make_root_token(const Config& config, std::string& new_pin) {
    const auto folder = config.data_dir / root_folder;
    ANTIN_CHECK(make_private_folder(folder));
    // While init runs, the PIN waits here: an interrupted init can go on and still show it.
    const auto waiting = folder / "pin-until-init-ends";
    std::error_code ignored;
    if (!std::filesystem::exists(waiting, ignored)) {
        ANTIN_CHECK(write_file(waiting, random_readable(24) + "\n", 0600));
    }
    ANTIN_TRY(pin, read_secret(waiting));
    ANTIN_TRY(module, open_module(config, folder.string()));
    ANTIN_TRY(exists, has_token(*module, root_label));
    if (!exists) {
        const auto made = module->initialise(root_label, random_readable(24), pin);
        if (!made) return fail(made.error());
    }
    new_pin = pin;
    hsm::TokenAccess access;
    access.label = root_label;
    access.pin = pin;
    access.workers = 1;
    return hsm::Token::open(module, access);
}

void forget_root_pin(const Config& config) {
    std::error_code ignored;
    std::filesystem::remove(config.data_dir / root_folder / "pin-until-init-ends", ignored);
}

Result<std::shared_ptr<hsm::Token>> open_root_token(const Config& config, std::string_view pin) {
    ANTIN_TRY(module, open_module(config, (config.data_dir / root_folder).string()));
    hsm::TokenAccess access;
    access.label = root_label;
    access.pin = std::string{pin};
    access.workers = 1;
    access.allow_final_try = true;  // a person typed it
    return hsm::Token::open(module, access);
}

}  // namespace antin::program
