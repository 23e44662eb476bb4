#include "forms/invitation_letter.hpp"

#include "forms/values.hpp"

namespace antin::forms {
namespace {
constexpr std::size_t letters_max = 5000;
}

Result<Bytes> draw_invitation_letters(const PaperLibrary& library,
                                      const std::vector<InvitationLetter>& letters) {
    if (letters.size() > letters_max) return fail(ErrorKind::TooLarge, "paper.too_many_rows");
    std::vector<PaperContent> parts;
    for (const InvitationLetter& letter : letters) {
        PaperContent content;
        content.made_at = letter.made_at;
        Values& values = content.values;
        put_head(values, letter.sender, letter.number_text, letter.date);
        values["agency"] = letter.agency;
        values["person"] = letter.person;
        values["email"] = letter.email;
        values["activation_url"] = letter.activation_url;
        values["activation_code"] = letter.activation_code;
        values["expires_on"] = to_vietnamese(letter.expires_on);
        values["signer_position"] = upper(letter.signer_position);
        values["signer_name"] = letter.signer_name;
        values["contact"] = letter.contact;
        parts.push_back(std::move(content));
    }
    return library.draw_all("invitation-letter", parts);
}

}  // namespace antin::forms
