"""Things that burn, shock or listen."""

from desk.demonstration.cases import Case, high, loss, low, medium

ELECTRICAL = (
    Case(
        "E-bike conversion battery catches fire while charging in a hallway",
        "A fire service reports two fires in one week in shared hallways. Both batteries were bought as a kit and "
        "charged with a charger for another voltage. One person was taken to hospital with smoke in the lungs.",
        {
            "name": "36 V conversion battery",
            "category": "e-bike battery",
            "country_of_origin": "CN",
            "units": "unknown",
        },
        "reported",
        0,
        source="emergency_service",
        danger=True,
        minutes_ago=42,
        originator={"organisation": "A metropolitan fire and rescue service", "kind": "emergency_service"},
    ),
    Case(
        "E-scooter charger without overcharge cut-off, sold through a marketplace",
        "Trading standards bought three chargers. None stopped when the battery was full; one reached 96 °C on its "
        "case after four hours. The seller has no address in the United Kingdom.",
        {"name": "42 V charger", "category": "battery charger", "country_of_origin": "CN", "units": "about 2,400"},
        "case_conference",
        16,
        pace=2.4,
        business=("Online marketplace A", "online_marketplace"),
        nations=("england", "wales", "scotland"),
        impact=high(
            "Overheated in test; fires in homes where people sleep",
            remedial_action=("high", "Dozens of sellers on several marketplaces"),
            media_interest=("medium", "Two national papers carried it"),
        ),
        nnc={
            "nationally_significant": "Sold in every nation through marketplaces",
            "contentious": "The marketplace says that it is not the distributor",
        },
        evidence=(
            (
                "test_result",
                "Charger endurance test",
                "Three of three samples kept charging beyond 100%. Highest case temperature 96 °C.",
            ),
        ),
        asks=(("risk", "Risk level for the charger with and without the original battery", "report"),),
        here=True,
    ),
    Case(
        "Phone power bank swells and vents in a school bag",
        "A school reports smoke from a bag. The power bank has no maker's name and a capacity on its label that a pack "
        "of this size cannot hold.",
        {"name": "Power bank 50,000 mAh", "category": "power bank", "country_of_origin": "CN"},
        "assessing",
        6,
        source="public",
        impact=medium("One event, nobody hurt; the cell vented among children"),
    ),
    Case(
        "Heated throw scorches where the control cable enters",
        "Four consumers sent pictures of scorch marks to a retailer. The retailer has stopped sales and asks whether "
        "to recall.",
        {"name": "Heated throw, double", "category": "heated textile", "batch": "Weeks 31 to 36", "units": "6,100"},
        "cam",
        9,
        source="business",
        business=("Department store group", "retailer"),
        nations=("england", "wales"),
        impact=medium(
            "Scorching only; fire is foreseeable when it is folded",
            remedial_action=("low", "The retailer is acting and answers within the day"),
        ),
        nnc={"nationally_significant": "Sold in 140 shops and by post"},
        here=True,
    ),
    Case(
        "Travel adaptor whose pins snap off in the socket",
        "A council received nine adaptors handed in by a housing association. The pins are of a soft alloy and broke "
        "at a third of the force that the standard asks for.",
        {"name": "Universal travel adaptor", "category": "plug adaptor", "country_of_origin": "CN", "units": "unknown"},
        "cam",
        7,
        impact=medium("A live pin stays in the socket; no injury known yet"),
    ),
    Case(
        "Smart camera opens its video to the network with one fixed password",
        "A researcher found that every unit of this camera accepts the same password, which cannot be changed. The "
        "seller did not answer within thirty days.",
        {
            "name": "Indoor camera, pan and tilt",
            "category": "smart camera",
            "country_of_origin": "CN",
            "units": "at least 11,000",
        },
        "ttg",
        14,
        source="public",
        team="engineering_technology",
        area="product_security",
        pace=2.0,
        business=("Importer of home electronics", "importer"),
        impact=loss(
            "high",
            "Strangers can watch inside homes; the law asks for unique passwords",
            public_confidence=("medium", "Parents' groups have begun to warn each other"),
            media_interest=("medium", "A consumer programme is preparing an item"),
        ),
        here=True,
    ),
    Case(
        "Router sold without saying how long it will get security updates",
        "A mystery-shopping exercise found three of eleven models without the statement that the law asks for.",
        {"name": "Broadband router", "category": "network equipment"},
        "assessing",
        8,
        source="internal",
        team="targeting",
        area="product_security",
        impact=loss("low", "Paper fault; the updates themselves are made"),
        here=True,
    ),
    Case(
        "Fan heater falls over and does not switch itself off",
        "An importer tells us that the tip switch of one production run was soldered the wrong way round. It has found "
        "the batch and asks how to word the recall.",
        {"name": "Fan heater 2 kW", "category": "portable heater", "batch": "FH-0417", "units": "3,900"},
        "closed",
        30,
        source="business",
        pace=2.5,
        business=("Importer of small appliances", "importer"),
        impact=medium("Fire if it falls on fabric; no event reported", remedial_action=("low", "Recall already begun")),
        closing={
            "kind": "resolved_by_action",
            "reason": "The recall reached 71% of owners and the batch was destroyed.",
            "justification": "What risk is left is small and the business keeps reporting.",
        },
    ),
    Case(
        "Hair dryer cord loses its sleeve at the handle",
        "One consumer received a mild shock. The local authority has tested two more, and both passed.",
        {"name": "Hair dryer 2,100 W", "category": "hair dryer"},
        "closed",
        27,
        impact=low("Single case, not found again in two further samples"),
        closing={"kind": "no_further_action", "reason": "Two further samples passed; the fault was of one unit."},
    ),
    Case(
        "Socket tester that says 'safe' for a reversed socket",
        "An electricians' body sent a tester that shows three green lights where live and neutral are exchanged.",
        {"name": "Plug-in socket tester", "category": "test equipment", "units": "about 8,000"},
        "reported",
        1.4,
        source="trade_body",
        team="engineering_technology",
        originator={"organisation": "An association of electricians", "kind": "trade_body"},
    ),
    Case(
        "LED strip lights whose power supply has no earth",
        "Border officers held one consignment. The supply is in a metal case and marked as if it were double "
        "insulated.",
        {"name": "LED strip 10 m with supply", "category": "lighting", "country_of_origin": "CN", "units": "1,260"},
        "assessing",
        4,
        source="government_department",
        impact=high("The case becomes live with a single fault"),
        nations=("england",),
        here=True,
    ),
    Case(
        "Dishwasher door lock overheats after five years",
        "Two insurers asked whether other fires in kitchens are known that began at the lock. The maker says that it "
        "knows of none.",
        {"name": "Dishwasher, 60 cm, built-in", "category": "dishwasher", "units": "up to 210,000"},
        "cam_ep",
        22,
        source="business",
        team="engineering_technology",
        pace=2.6,
        nations=("england", "scotland", "wales", "northern_ireland"),
        impact=high(
            "Fires at night in an appliance that runs unattended",
            public_confidence=("medium", "People ask whether their machine is one of them"),
            remedial_action=("high", "The lock is used by four makers"),
        ),
        nnc={
            "nationally_significant": "In more than two hundred thousand homes",
            "novel": "Ageing of this plastic under steam has not been measured",
        },
        evidence=(
            (
                "business_information",
                "Answer of the maker",
                "Eleven service calls mention heat at the lock in six years.",
            ),
            ("science_advice", "First look at two locks", "Both show tracking between contacts."),
        ),
        asks=(("science", "Does the plastic track when it is aged in steam?", "report"),),
    ),
)
