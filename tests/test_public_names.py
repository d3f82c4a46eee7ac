"""The public names of every room. A change here is a change for users: make it on purpose, and say so."""

import importlib
import inspect

import pytest

PUBLIC = {
    "netphysics": """
        Discovery __version__ anomaly apply diagnose knot load run shape studies unknot
    """,
    "netphysics.stats": """
        Claim Estimate FEWEST_BLOCKS Line Numbers PowerLaw Tally binomial_interval chi_squared concatenate
        cumulant fit_line fit_power_law format_error half_positions histogram_sums jackknife merge multi_indices p_value
        pack packed_positions partition_sum partitions pooled_dof pull rank_correlation stack
        student_interval unpack wick_sum
    """,
    "netphysics.blocks": """
        Block Cell Dask Executor Ledger Plan Processes Threads atomic_path block_keys digest load_archive read_archive
        write_archive write_atomic
    """,
    "netphysics.nets": """
        Activation ConvolutionalNet GivensProduct HouseholderProduct LearningRates Net ResidualNet Spectrum Stack
        activation batch_size draw draw_stack draw_weights how_drawn in_batches leaky_relu named_law normal
        preactivations random_words sampler split tangent_forms tangent_kernel tangent_sampler
    """,
    "netphysics.train": """
        SHORT_TRAINING Training TrainingProgress compiled make_train minibatch show_progress
    """,
    "netphysics.lab": """
        Coordinates Equation Experiment Interrupted Progress Results Run Study StudyConfig agreement bibtex budget
        gather grid load_run option reference run_id run_study
    """,
    "netphysics.fields": """
        output_kernel preactivation_covariance propagator two_point
    """,
    "netphysics.fields.depth": """
        Asymptote Averages CorrelationMap CriticalPoint FiniteWidthFlow FixedCorrelation LargestEigenvalue
        MultiInputFlow SignalFlow Spread Susceptibility asymptotes averages contractions critical_point edge_of_chaos
        empirical_tangent_kernel exact_four_point extrapolate finite_width_flow fixed_point has_exact_law
        is_scale_invariant kernel_flow largest_eigenvalue largest_eigenvalue_spread leading_order multi_input_flow
        pair_statistics pair_sums signal_flow signal_statistics signal_sums singular_value_spread slope_ratio spread
        susceptibility tangent_statistics tangent_sums
    """,
    "netphysics.fields.depth.first_order": """
        Descendants FirstOrder Fluctuations Neurons PairMoments first_order hidden_neurons
    """,
    "netphysics.fields.diagnosis": """
        Comparison Diagnosis LearningRate Phase PreactivationStatistics Recommendation Verdict WidthTransfer
        check_described checked_batch describe diagnose_arrays diagnose_constructor diagnose_described
        diagnose_ensemble diagnose_jax_model diagnose_layered diagnose_model diagnose_net diagnose_preactivations
        diagnose_torch_model facts is_torch normal_inputs preactivation_statistics recommend width_transfer
    """,
    "netphysics.fields.mean_field": """
        Law LayerEnsemble LayerFlow backward forward layer_ensemble layer_flow
    """,
    "netphysics.fields.learning": """
        Descent Ensemble FirstOrderProcess InfiniteWidth LinearModel Network Noise Process Trajectory covariance
        descent descent_trajectory draw_networks flow flow_trajectory hessian_and_force infinite_width
        largest_eigenvalues make_ensemble make_training make_walk mean_loss network outputs pair_averages posterior
        predicted_training response trained trained_first_order
    """,
    "netphysics.fields.learning.data": """
        DIGITS Labeled labeled load split
    """,
    "netphysics.fields.interactions": """
        Channel Connected Coupling Diagram Fit Integral KAPPA MODELS Moments Predictions Response Running Vertex
        connected_four connected_from_moments connected_functions contract draw evaluate exact_vertex expand
        expression full_from_connected hidden_moments least_squares minimum_norm multiplicities pooled_connected
        pooled_sums predicted_slope predictions published_connected published_noise published_sums
        rao_blackwell_connected rao_blackwell_sums response running six_point_without_sextic unexplained
    """,
    "netphysics.tables": """
        Table Unit bare_name numbers parse_unit read_table select unit_of unknown_unit
    """,
    "netphysics.discovery": """
        Columns Dataset Formula Found Scales Schedule SciNet SciNetSizes Sweep TableSweep TrainedNetworks Windows
        answers beta_from_error dataset divergence error_together find_formula latent_number_of make_baselines
        make_search make_sweep make_table_sweep objective simple_errors squared_error
    """,
    "netphysics.discovery.worlds": """
        Galaxies Orbits Sample Tomography World collision pendulum
    """,
    "netphysics.discovery.probe": """
        ACTIVE Activity Expression Intervention LatentNumber NeuronName Plane QUANTILES SCORES Spans VERDICTS
        activities agreement bent_plane cosine explained explained_table expression few_values intervene
        intrinsic_dimension knee latent_number matched name_neurons needed plane remaining_error ring_angle rivals
        scores span spans steepest_drop substitution unwrap_angles unwrap_towards
    """,
    "netphysics.knots": """
        Braid Diagram KnotSummary LinkSummary Untied identify is_unknot read summarize untie
    """,
    "netphysics.knots.arcs": """
        ArcCertificate ArcPresentation Exhaustion Guide Move Simplification apply apply_all arc_presentation certify
        check destabilizations draw_arcs exchanges exhaust grow learn_guide replay simplify stabilizations summands
        visible_summands
    """,
    "netphysics.knots.reidemeister": """
        ReidemeisterCertificate ReidemeisterMove check reidemeister_moves replay
    """,
    "netphysics.knots.notation": """
        links named_knot named_link of_dt of_extended_gauss of_gauss of_signed_gauss pretzel_knot read torus_knot
        write_pd
    """,
    "netphysics.knots.braids": """
        Braid Certificate Diagram LARGEST_DRAWN Move apply apply_all braid_of certify check cyclic_reduction draw_braid
        draw_closure draw_diagram free_reduction inflate moves_at proves_unknot smart_collapse untangle
    """,
    "netphysics.knots.invariants": """
        Knot Laurent Verdict alexander alexander_of_link alexander_value alexander_values determinant identify in_halves
        is_unknot jones jones_of_link linking_matrix prime_knots signature table
    """,
    "netphysics.knots.priors": """
        ALEXANDER_TRIVIAL Prior UNTIED Words check_parity equivalent_words_of is_knotted matched_knots random_closures
        random_knots random_unknots seeds_of uniform_knot unknot_certificate
    """,
    "netphysics.knots.classifiers": """
        Classifier Examples FeedForward Hashing LetterMatrices Prediction TrainingSettings Transformer
        alexander_log_odds all_log_odds balanced_accuracy burau counting_log_odds cross_entropy draw_both draw_examples
        hashed_attention make_decider nearest_burau padded_length predict read_classifier relation_residual rescaled
        train_classifier write_classifier
    """,
    "netphysics.knots.unknotting": """
        Actions ActorCritic Agent Budget Environment Games Learned Parameters Proximal Solution State TrustRegion
        asynchronous beam_search best_of fewest_moves greedy_sweep make_learning play tree_search uniform_walker
        weighted_walker
    """,
    "netphysics.topology.anomaly": """
        Performance RATE SIGNAL_EFFICIENCIES Search WeakLabels area_under_curve efficiencies fit_density invariants_of
        judge momenta_of points_of rarity reconstruction_errors search search_sets significance_improvement weak_labels
    """,
    "netphysics.topology.events": """
        EventSets Events Frame Framed at_rest check_conservation check_events from_columns hardest imbalance
        in_one_frame read_events read_sets
    """,
    "netphysics.topology.generators": """
        COORDINATES Coordinates Flow METHODS MUON_DECAY Method NEAREST PROCESSES Plane Process QUARKS_AND_GLUON RESOLVED
        Rambo Sphere Spinors TWO_PAIRS TrainingSettings classifier_test closed distance_from_tear flat_events generate
        make_generator make_training observables opened profile_of_tear seed_of shortest_pairs
    """,
    "netphysics.topology.lorentz": """
        Arm EquivariantNetwork FAST InvariantNetwork KINDS PlainNetwork SLOW TrainingSettings areas best_area boosted
        build decays equivariance_errors labeled_decay logits mass_ratios trainer
    """,
    "netphysics.topology.phase_space": """
        Marginal PhaseSpace Resonance Sample boost boost_matrix conformal conserve dot event event_of_frame
        frame_event frame_of_spinors free_momenta from_sphere lossy_event marginals massless_volume mean_square_chord
        measured_volume momentum_scale pair_invariants pair_mass_squared parity_twin parity_twin_bound polygon
        rambo_event relative_basis release resonance_event sample sample_blocks simplex_and_sphere to_sphere
        unweighted velocity_of volume with_masses
    """,
    "netphysics.topology.systematics": """
        Breakdown Nuisances Propagated breakdown derivatives energy_scale ensemble_spread in_double median propagate
        propagate_jacobian resolution simulate
    """,
    "netphysics.topology.autoencoders": """
        Autoencoder Errors Factor Latent Options SUCCESS TEAR best_of errors images latent make_training
        make_wound_training rayleigh sphere_degree sphere_triangles torus_loops train_autoencoders winding_matrix
        winding_numbers
    """,
    "netphysics.topology.homology": """
        Bars Components Cost Dimension Landmarks MOST_LANDMARKS Pieces Reading check_cost circular_coordinates
        components cost dimension farthest_points persistent_homology pieces read_bars readings two_neighbors
    """,
    "netphysics.topology.manifolds": """
        DISTANCE_OF_EDGES Graph Manifold angles complete_bipartite_graph complete_graph double_cone figure_eight
        hopf_link klein_bottle on_circles planar projective_plane rotations skewness sphere torus trefoil unit_vectors
        wedge_of_circles
    """,
    "netphysics.report": """
        Curve Drawing Figure Role Table TableEntry categories command curves draw_measured draw_published draw_theory
        export figure gallery guide legend name_axes ordered_roles page role_of slope_guide svg write_gallery
        write_report
    """,
}


@pytest.mark.parametrize("package", PUBLIC)
def test_public_names(package):
    module = importlib.import_module(package)
    assert sorted(module.__all__) == sorted(PUBLIC[package].split())
    assert all(hasattr(module, name) for name in module.__all__)
    things = [getattr(module, name) for name in module.__all__]
    assert not [thing for thing in things if inspect.isroutine(thing) or inspect.isclass(thing) if not thing.__doc__]
