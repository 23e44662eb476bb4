#include "domain/objection.hpp"

namespace antin::domain {

Error to_error(Objection objection) {
    Error error;
    error.kind = objection == Objection::NotYourRole ? ErrorKind::Forbidden : ErrorKind::Refused;
    error.code = "workflow." + std::string{to_text(objection)};
    return error;
}

}  // namespace antin::domain
