"""Abbreviations of the incident management plan (Appendix A) and of product safety, with what they mean here."""

from __future__ import annotations

from typing import NamedTuple


class Term(NamedTuple):
    expansion: str
    meaning: str


TERMS: dict[str, Term] = {
    "BSR": Term("Building Safety Regulator", "Regulates the safety and standards of buildings in England."),
    "CAM": Term(
        "Case Assessment and Monitoring",
        "The regular meeting that weighs issues from the functional teams, has work done on them and sends them up.",
    ),
    "CAM-EP": Term(
        "Case Assessment and Monitoring Escalation Protocol",
        "A fuller look at the evidence, led by a senior civil servant and started by TTG.",
    ),
    "CEO": Term("Chief Executive Officer", "Leads OPSS."),
    "COBR": Term(
        "Cabinet Office Briefing Rooms", "Where central government coordinates its answer to a national crisis."
    ),
    "CRIP": Term(
        "Commonly Recognised Information Picture",
        "The one agreed account of a crisis that COBR works from; our situation reports feed it.",
    ),
    "DBT": Term("Department for Business and Trade", "The department that OPSS is part of."),
    "DCEO": Term("Deputy Chief Executive Officer", "One of the two who stand next to the Chief Executive."),
    "DD": Term(
        "Deputy Director", "A senior civil servant who leads a function: enforcement, science, policy, targeting."
    ),
    "Defra": Term("Department for Environment, Food and Rural Affairs", "Owns policy on the environment and food."),
    "DESNZ": Term("Department for Energy Security and Net Zero", "Owns policy on energy products and supply."),
    "DfT": Term("Department for Transport", "Owns policy on vehicles and transport."),
    "DSIT": Term(
        "Department for Science, Innovation and Technology", "Owns policy on the security of connected products."
    ),
    "DVSA": Term("Driver and Vehicle Standards Agency", "Regulates the safety of vehicles and their parts."),
    "EG": Term("Evidence Group", "Gathers and weighs the evidence that an incident's other groups decide on."),
    "ERCO": Term("Emergency Response Coordination", "The team in DBT that coordinates the department in an emergency."),
    "ERT": Term("Emergency Response Team", "What ERCO may stand up to run the department's part in an emergency."),
    "FTL": Term("Functional Team Leader", "Leads one functional team and decides first on what comes in to it."),
    "GB": Term("Great Britain", "England, Scotland and Wales."),
    "GPSR": Term("General Product Safety Regulations 2005", "The general duty that consumer products be safe."),
    "HO": Term("Home Office", "Owns policy on policing, borders and drugs."),
    "HSE": Term("Health and Safety Executive", "Regulates safety at work in Great Britain."),
    "HSENI": Term("Health and Safety Executive for Northern Ireland", "Regulates safety at work in Northern Ireland."),
    "IMT": Term(
        "Incident Management Team", "The people in OPSS who run this process from the first report to the lessons."
    ),
    "LA": Term("local authority", "Enforces product safety locally, mostly through its trading standards service."),
    "MCA": Term("Maritime and Coastguard Agency", "Regulates safety at sea."),
    "MHCLG": Term("Ministry of Housing, Communities and Local Government", "Owns policy on housing and building."),
    "MHRA": Term("Medicines and Healthcare products Regulatory Agency", "Regulates medicines and medical devices."),
    "MOU": Term("memorandum of understanding", "Sets out how two bodies work together."),
    "MSA": Term(
        "market surveillance authority", "A body that the law charges with seeing that products on sale meet the rules."
    ),
    "NI": Term("Northern Ireland", "Where some product rules differ from those of Great Britain."),
    "NNC": Term(
        "nationally significant, novel or contentious",
        "The three tests that tell whether OPSS or a local authority should lead on a product safety issue.",
    ),
    "Ofcom": Term("Office of Communications", "Regulates telecommunications, broadcasting and radio equipment."),
    "OGL": Term("Open Government Licence", "Lets anyone use published government information, with a mention."),
    "OPSS": Term("Office for Product Safety and Standards", "The United Kingdom's product regulator, part of DBT."),
    "OZEV": Term("Office for Zero Emission Vehicles", "Supports the move to vehicles without exhaust."),
    "PA": Term(
        "Primary Authority",
        "A partnership in which one local authority gives a business advice that the others respect.",
    ),
    "PAS": Term("Publicly Available Specification", "A fast-made standard, such as PAS 7100 on recalls."),
    "PRISM": Term(
        "product safety risk assessment methodology", "How authorities in Great Britain grade the risk of a product."
    ),
    "PSD": Term("Product Safety Database", "Where authorities record unsafe and non-compliant products."),
    "PSED": Term("public sector equality duty", "The duty to consider how people are affected differently."),
    "PSTI": Term(
        "Product Security and Telecommunications Infrastructure", "The law on security of connectable products."
    ),
    "RCC": Term(
        "Regulatory Coordination Cell", "Brings regulators together for advice and support in a national incident."
    ),
    "SCG": Term("Strategic Coordination Group", "Takes overall charge of an incident and sets its strategy."),
    "SCS": Term("senior civil servant", "A member of the senior civil service: a deputy director or above."),
    "SIO": Term("senior investigating officer", "Answers for an investigation and for who may know of it."),
    "TCG": Term("Tactical Coordination Group", "Turns the strategy of an incident into work and sees it done."),
    "TTG": Term("Tactical Tasking Group", "Oversees what CAM sends up and decides whether to activate CAM-EP."),
}
