from mou.models.agreement import Agreement, AgreementShare, AgreementVersion, Party, Rendition, Signature
from mou.models.obligation import Duty, Obligation

__all__ = ["Agreement", "AgreementShare", "AgreementVersion", "Duty", "Obligation", "Party", "Rendition", "Signature"]
