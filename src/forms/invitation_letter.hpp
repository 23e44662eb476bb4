#pragma once
#include "forms/paper_library.hpp"

namespace antin::forms {

struct InvitationLetter {
    PaperBody sender;         // the coordinating department
    std::string number_text;  // empty: dots
    Date date;
    std::string agency;  // to whom
    std::string person;  // who is to activate; may be empty
    std::string email;
    std::string activation_url;   // goes into the QR and stands under it
    std::string activation_code;  // to type by hand
    Date expires_on;
    std::string signer_position, signer_name;
    std::string contact;
    Instant made_at;
};

/// One letter, or one PDF with a letter to each agency, each beginning on a page of its own.
/// Units: at most 5,000 letters. Errors: TooLarge "paper.too_many_rows".
[[nodiscard]] Result<Bytes> draw_invitation_letters(const PaperLibrary& library,
                                                    const std::vector<InvitationLetter>& letters);

}  // namespace antin::forms
